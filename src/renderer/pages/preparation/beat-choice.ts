/** Finds the recordings with beats of a class, by the symbols that were counted at import. */
import type { RecordHealth } from "../../../contract/domain/recordings.ts";

/** Returns the number of beats whose symbol is one of `symbols`. */
export function beatsOfClass({ beats }: RecordHealth, symbols: string): number {
  return [...symbols].reduce((sum, symbol) => sum + (beats[symbol] ?? 0), 0);
}

/** Returns the recording with the most beats of these symbols; undefined where none has any. */
export function recordWithMost(records: readonly RecordHealth[], symbols: string): string | undefined {
  const [most] = records
    .map((record) => ({ name: record.name, beats: beatsOfClass(record, symbols) }))
    .sort((a, b) => b.beats - a.beats);
  return most && most.beats > 0 ? most.name : undefined;
}
