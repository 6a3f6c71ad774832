/** Finds the annotations of a recording by an annotator, for a comparison in a worker thread. */
import type { DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { ComparedAnnotator } from "../../workers/compare-record.ts";
import type { AnnotationPlace } from "../../workers/stored-annotations.ts";

/** Recording of a dataset, and where its annotation file is if the dataset does not have it. */
export interface AnnotatedRecord {
  dataset: number;
  record: Pick<DatasetRecord, "name" | "length">;
  folder?: string | undefined;
}

/** @returns null: the set has no annotations of the recording */
export function comparedAnnotator(
  workspace: Workspace,
  of: AnnotatedRecord,
  annotator: string,
): ComparedAnnotator | null {
  const { annotationSets } = workspace;
  const set = of.folder === undefined ? annotationSets.find(of.dataset, annotator) : undefined;
  if (set === undefined) return { place: annotationPlace(workspace, of, annotator) };
  const columns = annotationSets.columns(set.id, of.record.name);
  return columns && { columns };
}

export function annotationPlace(
  workspace: Workspace,
  { dataset, record: { name, length }, folder: annotationFolder }: AnnotatedRecord,
  annotator: string,
): AnnotationPlace {
  return { folder: workspace.path("datasets", dataset), name, annotator, length, annotationFolder };
}
