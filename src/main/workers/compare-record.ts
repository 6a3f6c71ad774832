/** Reads two annotators of a stored record, and compares them by EC57. */
import type { SetColumns } from "../../contract/domain/annotation-sets.ts";
import type { Ec57Record } from "../../contract/domain/ec57.ts";
import type { Annotation } from "../../contract/domain/recordings.ts";
import { compareAnnotators, type AnnotatorComparison } from "../../pipeline/evaluation/ec57/compare-annotators.ts";
import { fromColumns } from "../../pipeline/recordings/annotation-columns.ts";
import { readStoredAnnotations, type AnnotationPlace } from "./stored-annotations.ts";

/** Annotations of a record by one annotator: those of a stored set, or the file of an imported one. */
export type ComparedAnnotator = { columns: SetColumns } | { place: AnnotationPlace };

export interface RecordComparison extends Omit<AnnotatorComparison, "reference" | "test"> {
  reference: ComparedAnnotator;
  test: ComparedAnnotator;
}

/** @returns null where one of the two has no annotations of the record @throws EctopyError as `readStoredAnnotations` */
export function compareRecord({ reference, test, ...options }: RecordComparison): Ec57Record | null {
  const [expected, found] = [annotationsOf(reference), annotationsOf(test)];
  return expected === null || found === null
    ? null
    : compareAnnotators({ ...options, reference: expected, test: found });
}

function annotationsOf(annotator: ComparedAnnotator): Annotation[] | null {
  return "columns" in annotator ? fromColumns(annotator.columns) : readStoredAnnotations(annotator.place);
}
