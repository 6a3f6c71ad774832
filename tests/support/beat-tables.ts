/** Small invented beat tables and settings, for tests of preparations. */
import { defaultPreparation } from "../../src/contract/settings/defaults.ts";
import type { RecordIdentity } from "../../src/contract/domain/dataset-records.ts";
import type { PreparationSettings } from "../../src/contract/domain/preparation.ts";
import { collectBeats, type CollectedBeats } from "../../src/pipeline/beats/beat-table.ts";

export const referenceSettings: PreparationSettings = defaultPreparation("reference");

/**
 * A table from record name → beats by label, such as `{ r1: { N: 5, V: 2 } }`; R-peaks at 1000, 2000, …
 * @param mitBih the recordings are those of MIT-BIH with these names
 */
export function makeTable(
  records: Record<string, Record<string, number>>,
  smallestClass = 1,
  mitBih = false,
): CollectedBeats {
  const selected = Object.entries(records).map(([name, counts]) => {
    const labels = Object.entries(counts).flatMap(([label, count]) => Array.from({ length: count }, () => label));
    return {
      ...(mitBih ? mitBihRecord(name) : { name, patient: null, knownAs: null }),
      beats: {
        samples: Uint32Array.from(labels, (_, i) => 1000 * (i + 1)),
        positions: Uint32Array.from(labels, (_, i) => 1000 * (i + 1)),
        labels,
        leftOut: { outsideRecord: 0, missingSamples: 0, symbols: {} },
      },
    };
  });
  return collectBeats(selected, "mit-bih", smallestClass);
}

/** A recording that is a record of MIT-BIH by its data. */
export function mitBihRecord(name: string): RecordIdentity {
  return { name, patient: null, knownAs: `mitdb/${name}` };
}
