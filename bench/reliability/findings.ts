/** Findings of a reliability bench, and the table that it prints. */
import { formatTable } from "../../src/main/cli/format.ts";

/**
 * `lost`: stored data is missing or changed; `not whole`: incomplete data is visible; `not equal`: the repeated
 * operation gives another result than an undisturbed one; `leftovers`: unneeded files remain; `failed`: an operation
 * fails or hangs; `unseen`: no check reports the damage.
 */
export const findingKinds = ["lost", "not whole", "not equal", "leftovers", "failed", "unseen"] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  kind: FindingKind;
  /** Description with its path or id. */
  text: string;
}

/** The rounds of one operation or fault. */
export interface Tally {
  name: string;
  rounds: number;
  /** Rounds by circumstance: the stage at the kill, the kind of damage, the answer. */
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

/** @param heads heads of the first columns: name, rounds, circumstances @param kinds kinds that the bench looks for */
export function tallyTable(
  heads: readonly [string, string, string],
  kinds: readonly FindingKind[],
  tallies: readonly Tally[],
): string {
  const columns = kinds.map((kind) => `${kind[0].toUpperCase()}${kind.slice(1)}>`);
  const rows = tallies.map(({ name, rounds, met, findings }) => {
    // A round counts once in each column, whatever its number of findings of that kind.
    const roundsWith = (kind: FindingKind): number =>
      new Set(findings.filter((finding) => finding.kind === kind).map(({ round }) => round)).size;
    const most = [...met].sort(([, a], [, b]) => b - a).map(([what, times]) => `${what} ${times}`);
    return [name, String(rounds), most.join(", "), ...kinds.map((kind) => String(roundsWith(kind)))];
  });
  return formatTable([heads[0], `${heads[1]}>`, heads[2], ...columns], rows);
}

const MAX_LINE_CHARACTERS = 400;

/** Returns one line for each finding. */
export function findingLines(tallies: readonly Tally[]): string[] {
  return tallies.flatMap(({ name, findings }) =>
    findings.map(({ round, kind, text }) =>
      `${name}, round ${round}: ${kind}: ${text.replaceAll("\n", " ")}`.slice(0, MAX_LINE_CHARACTERS),
    ),
  );
}
