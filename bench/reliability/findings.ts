/** What a reliability bench finds wrong, and the one table that it prints. */
import { formatTable } from "../../src/main/cli/format.ts";

/**
 * `lost`: something that was stored before is gone or has changed; `not whole`: something half-made shows; `not equal`: done again,
 * it ends otherwise than undisturbed; `leftovers`: files that nobody needs stay; `failed`: what should work does not, or hangs;
 * `unseen`: damage that no check names.
 */
export const findingKinds = ["lost", "not whole", "not equal", "leftovers", "failed", "unseen"] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  kind: FindingKind;
  /** What, where. */
  text: string;
}

/** All rounds of one operation or fault. */
export interface Tally {
  name: string;
  rounds: number;
  /** How many rounds met what: a stage that was hit, a way of damage, an answer. */
  met: Map<string, number>;
  findings: (Finding & { round: number })[];
}

export function emptyTally(name: string): Tally {
  return { name, rounds: 0, met: new Map(), findings: [] };
}

export function count(tally: Tally, round: number, met: string, findings: readonly Finding[]): void {
  tally.rounds++;
  tally.met.set(met, (tally.met.get(met) ?? 0) + 1);
  tally.findings.push(...findings.map((finding) => ({ ...finding, round })));
}

/** @param heads of the first columns: the name, the rounds, what they met @param kinds that the bench looks for */
export function tallyTable(
  heads: readonly [string, string, string],
  kinds: readonly FindingKind[],
  tallies: readonly Tally[],
): string {
  const columns = kinds.map((kind) => `${kind[0].toUpperCase()}${kind.slice(1)}>`);
  const rows = tallies.map(({ name, rounds, met, findings }) => {
    // A round counts once in each column, however much of a kind it shows.
    const roundsWith = (kind: FindingKind): number =>
      new Set(findings.filter((finding) => finding.kind === kind).map(({ round }) => round)).size;
    const most = [...met].sort(([, a], [, b]) => b - a).map(([what, times]) => `${what} ${times}`);
    return [name, String(rounds), most.join(", "), ...kinds.map((kind) => String(roundsWith(kind)))];
  });
  return formatTable([heads[0], `${heads[1]}>`, heads[2], ...columns], rows);
}

const MAX_LINE_CHARACTERS = 400;

/** A line each. */
export function findingLines(tallies: readonly Tally[]): string[] {
  return tallies.flatMap(({ name, findings }) =>
    findings.map(({ round, kind, text }) =>
      `${name}, round ${round}: ${kind}: ${text.replaceAll("\n", " ")}`.slice(0, MAX_LINE_CHARACTERS),
    ),
  );
}
