/** Finds the annotations of a recording by a set, stored or imported, for a worker thread. */
import { usedAnnotator, type DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { ChosenSet } from "../../workers/viewing-tasks.ts";

/** @throws EctopyError `not-found`: the recording has no annotations of this set */
export function chosenSet(
  { annotationSets }: Pick<Workspace, "annotationSets">,
  dataset: number,
  record: DatasetRecord,
  set: string,
): ChosenSet {
  const { name, length } = record;
  const stored = annotationSets.find(dataset, set);
  const columns = stored && annotationSets.columns(stored.id, name);
  if (columns) return { columns };
  if (set === usedAnnotator(record) || record.annotators.some(({ annotator }) => annotator === set)) {
    return { imported: { annotator: set, length } };
  }
  throw new EctopyError(
    "not-found",
    `Recording ${name} has no annotations by ${set}.`,
    "Choose another annotation set.",
  );
}
