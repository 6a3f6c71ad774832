/** Rows of the table of recordings. Pure. */
import type { RecordOrigin } from "../../../contract/domain/dataset-records.ts";
import type { Finding, RecordHealth } from "../../../contract/domain/recordings.ts";
import { notesInLine, patientNotes } from "./patient-notes.ts";

/** A recording with its origin, as far as it is known. */
export type ListedRecord = RecordHealth & Partial<Pick<RecordOrigin, "place" | "patient">>;

export interface RecordRow {
  health: ListedRecord;
  /** Duration, in s. */
  duration: number;
  beats: number;
  /** Beats of each type, the most frequent first. */
  classes: [symbol: string, beats: number][];
  /** Age, sex, medications and remarks of the header's comments. */
  notes: string;
  /** Summary of the findings; empty where there are none. */
  issues: string;
}

export function recordRow(health: ListedRecord): RecordRow {
  return {
    health,
    duration: health.rate > 0 ? health.length / health.rate : 0,
    beats: Object.values(health.beats).reduce((a, b) => a + b, 0),
    classes: sortedCounts(health.beats),
    notes: notesInLine(patientNotes(health.comments)),
    issues: issuesOf(health),
  };
}

/** Returns the recordings with beats of a type, most beats first; all recordings, in their order, without a type. */
export function rowsWith(rows: readonly RecordRow[], symbol: string): RecordRow[] {
  if (symbol === "") return [...rows];
  const count = ({ health }: RecordRow): number => health.beats[symbol] ?? 0;
  return rows.filter((row) => count(row) > 0).sort((a, b) => count(b) - count(a));
}

/** Returns the beats of each type over all recordings, the most frequent first. */
export function totalsOf(records: readonly RecordHealth[]): [symbol: string, beats: number][] {
  const totals: Record<string, number> = {};
  for (const { beats } of records) {
    for (const [symbol, count] of Object.entries(beats)) totals[symbol] = (totals[symbol] ?? 0) + count;
  }
  return sortedCounts(totals);
}

const nouns: Record<Finding["severity"], string> = { damaged: "fault", warning: "warning", note: "note" };

/** Returns `Excluded`, or `1 warning, 2 notes`. */
function issuesOf({ usable, findings }: RecordHealth): string {
  if (!usable) return "Excluded";
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
