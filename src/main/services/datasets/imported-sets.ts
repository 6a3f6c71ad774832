/** The imported annotators of a dataset, as annotation sets. */
import type { AnnotationSetOverview } from "../../../contract/domain/annotation-sets.ts";
import { usedAnnotator, type DatasetRecord, type RecordAnnotator } from "../../../contract/domain/dataset-records.ts";

/** @param importedAt ISO 8601, UTC */
export function importedSets(records: readonly DatasetRecord[], importedAt: string): AnnotationSetOverview[] {
  const sets = new Map<string, AnnotationSetOverview>();
  for (const record of records) {
    for (const { annotator, symbols } of annotatorsOf(record)) {
      const set = sets.get(annotator) ?? {
        id: null,
        name: annotator,
        origin: "imported",
        parent: null,
        leads: [],
        runs: [],
        createdAt: importedAt,
        used: false,
        records: [],
      };
      set.used ||= annotator === usedAnnotator(record);
      set.records.push({ record: record.name, symbols });
      sets.set(annotator, set);
    }
  }
  return [...sets.values()].sort((a, b) => Number(b.used) - Number(a.used));
}

/** Datasets of earlier versions have counts of the used annotator alone, without the annotations that are no beats. */
function annotatorsOf(record: DatasetRecord): readonly RecordAnnotator[] {
  const { annotators, beats } = record;
  if (annotators.length > 0 || Object.keys(beats).length === 0) return annotators;
  return [{ annotator: usedAnnotator(record), symbols: beats }];
}
