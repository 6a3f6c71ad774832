/**
 * The beat table: recording, R-peak and class of each real beat of a preparation, one row for each beat, ordered by
 * recording.
 */
import { EctopyError } from "../../contract/domain/errors.ts";
import { orderLabels, type ClassMap } from "../../contract/domain/class-maps.ts";
import { exclusionReasons } from "../../contract/domain/label-choice.ts";
import type { RecordIdentity } from "../../contract/domain/dataset-records.ts";
import type { LeftOut } from "../../contract/domain/preparation.ts";
import type { SelectedBeats } from "./windows.ts";

export interface BeatTable {
  /** Names of the recordings. */
  records: string[];
  /** Patient and origin of each recording. */
  identities: RecordIdentity[];
  /** Class labels in their numbering. */
  labels: string[];
  /** First row of each recording, and finally the number of rows. */
  recordStarts: Uint32Array;
  /** Recording of each row, an index into `records`. */
  record: Uint32Array;
  /** R-peak of each row: its sample number in the recording. */
  sample: Uint32Array;
  /** R-peak of each row: its sample number in the lead at the rate of the preparation. */
  position: Uint32Array;
  /** Class of each row, an index into `labels`. */
  classes: Uint8Array;
}

export interface CollectedBeats {
  table: BeatTable;
  /** Beats found of each class in the table. */
  found: number[];
  leftOut: Pick<LeftOut, "outsideRecord" | "missingSamples" | "symbols" | "smallClasses" | "unreviewed" | "noise">;
}

/**
 * Collects the beats of all recordings, numbers the classes, and excludes classes with fewer than `smallestClass`
 * beats.
 * @param order returns labels in the order of their class numbers
 * @throws EctopyError `nothing-usable` where no class remains
 */
export function collectBeats(
  records: readonly (RecordIdentity & { beats: SelectedBeats })[],
  map: ClassMap,
  smallestClass: number,
  order = (labels: Iterable<string>): string[] => orderLabels(map, labels),
): CollectedBeats {
  const found = new Map<string, number>();
  const leftOut: CollectedBeats["leftOut"] = { outsideRecord: 0, missingSamples: 0, symbols: {}, smallClasses: {} };
  for (const { beats } of records) {
    for (const label of beats.labels) found.set(label, (found.get(label) ?? 0) + 1);
    leftOut.outsideRecord += beats.leftOut.outsideRecord;
    leftOut.missingSamples += beats.leftOut.missingSamples;
    for (const reason of exclusionReasons) {
      const count = beats.leftOut[reason] ?? 0;
      if (count > 0) leftOut[reason] = (leftOut[reason] ?? 0) + count;
    }
    for (const [symbol, count] of Object.entries(beats.leftOut.symbols)) {
      leftOut.symbols[symbol] = (leftOut.symbols[symbol] ?? 0) + count;
    }
  }
  for (const label of order(found.keys())) {
    const count = found.get(label)!;
    if (count >= smallestClass) continue;
    leftOut.smallClasses[label] = count;
    found.delete(label);
  }
  const labels = order(found.keys());
  if (labels.length === 0) {
    throw new EctopyError(
      "nothing-usable",
      "No class has enough beats to be used.",
      "Use more recordings, a smaller window, or fewer minimum beats per class.",
    );
  }

  const rows = labels.reduce((sum, label) => sum + found.get(label)!, 0);
  const table: BeatTable = {
    records: records.map(({ name }) => name),
    identities: records.map(({ name, patient, knownAs, external }) => ({
      ...{ name, patient, knownAs },
      ...(external === true ? { external } : {}),
    })),
    labels,
    recordStarts: new Uint32Array(records.length + 1),
    record: new Uint32Array(rows),
    sample: new Uint32Array(rows),
    position: new Uint32Array(rows),
    classes: new Uint8Array(rows),
  };
  const numberOf = new Map(labels.map((label, number) => [label, number]));
  let row = 0;
  records.forEach(({ beats }, record) => {
    beats.labels.forEach((label, i) => {
      const number = numberOf.get(label);
      if (number === undefined) return;
      table.record[row] = record;
      table.sample[row] = beats.samples[i];
      table.position[row] = beats.positions[i];
      table.classes[row] = number;
      row++;
    });
    table.recordStarts[record + 1] = row;
  });
  return { table, found: labels.map((label) => found.get(label)!), leftOut };
}
