/** Finds the recordings with beats of a class, by the symbols that were counted at import. */
import { classesOf, type ClassMap } from "../../../contract/domain/class-maps.ts";
import type { RecordHealth } from "../../../contract/domain/recordings.ts";

/** Returns the classes with their symbols; a class of a table is its own symbol. */
export function previewClasses(
  map: ClassMap,
  records: readonly RecordHealth[],
): { label: string; symbols: readonly string[] }[] {
  if (map !== "given") return classesOf(map).map(({ label, symbols }) => ({ label, symbols: [...symbols] }));
  const labels = new Set(records.flatMap(({ details }) => details?.table?.classes ?? []));
  return [...labels].map((label) => ({ label, symbols: [label] }));
}

/** Returns the number of beats whose symbol is one of `symbols`. */
export function beatsOfClass({ beats }: RecordHealth, symbols: readonly string[]): number {
  return symbols.reduce((sum, symbol) => sum + (beats[symbol] ?? 0), 0);
}

/** Returns the recording with the most beats of these symbols; undefined where none has any. */
export function recordWithMost(records: readonly RecordHealth[], symbols: readonly string[]): string | undefined {
  const [most] = records
    .map((record) => ({ name: record.name, beats: beatsOfClass(record, symbols) }))
    .sort((a, b) => b.beats - a.beats);
  return most && most.beats > 0 ? most.name : undefined;
}
