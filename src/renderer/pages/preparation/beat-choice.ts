/** Which recordings hold beats of a class, told by the symbols that were counted when they were taken in. */
import type { RecordHealth } from "../../../contract/domain/recordings.ts";

export function beatsOfClass({ beats }: RecordHealth, symbols: string): number {
  return [...symbols].reduce((sum, symbol) => sum + (beats[symbol] ?? 0), 0);
}

/** The record with most beats of them; undefined where none has one. */
export function recordWithMost(records: readonly RecordHealth[], symbols: string): string | undefined {
  const [most] = records
    .map((record) => ({ name: record.name, beats: beatsOfClass(record, symbols) }))
    .sort((a, b) => b.beats - a.beats);
  return most && most.beats > 0 ? most.name : undefined;
}
