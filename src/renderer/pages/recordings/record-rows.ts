/** A dataset's records as the table has them. Pure. */
import type { Finding, RecordHealth } from "../../../contract/domain/recordings.ts";

export interface RecordRow {
  health: RecordHealth;
  /** In s. */
  duration: number;
  beats: number;
  /** The most frequent first. */
  classes: [symbol: string, beats: number][];
  /** Age, sex, medication and remarks, as the header has them. */
  notes: string;
  /** In words; empty where nothing was found. */
  problems: string;
}

export function recordRow(health: RecordHealth): RecordRow {
  return {
    health,
    duration: health.rate > 0 ? health.length / health.rate : 0,
    beats: Object.values(health.beats).reduce((a, b) => a + b, 0),
    classes: sortedCounts(health.beats),
    notes: health.comments.map((comment) => comment.trim()).join(" · "),
    problems: problemsOf(health),
  };
}

/** Records with beats of a class, the most of them first; all as they are where none is asked for. */
export function rowsWith(rows: readonly RecordRow[], symbol: string): RecordRow[] {
  if (symbol === "") return [...rows];
  const count = ({ health }: RecordRow): number => health.beats[symbol] ?? 0;
  return rows.filter((row) => count(row) > 0).sort((a, b) => count(b) - count(a));
}

/** Beats by class over all records, the most frequent first. */
export function totalsOf(records: readonly RecordHealth[]): [symbol: string, beats: number][] {
  const totals: Record<string, number> = {};
  for (const { beats } of records) {
    for (const [symbol, count] of Object.entries(beats)) totals[symbol] = (totals[symbol] ?? 0) + count;
  }
  return sortedCounts(totals);
}

const nouns: Record<Finding["severity"], string> = { damaged: "fault", warning: "warning", note: "note" };

/** `Left out`, `1 warning, 2 notes` */
function problemsOf({ usable, findings }: RecordHealth): string {
  if (!usable) return "Left out";
  const severities = ["damaged", "warning", "note"] as const;
  return severities
    .map((severity) => [nouns[severity], findings.filter((each) => each.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([noun, count]) => `${count} ${noun}${count === 1 ? "" : "s"}`)
    .join(", ");
}

function sortedCounts(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts).sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
}
