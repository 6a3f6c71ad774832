/** Results of a cross-validation over all its folds. */
import type { ConfusionMatrix, PooledFolds } from "../../contract/domain/evaluation.ts";
import { classificationReport } from "./classification-report.ts";
import { addTo, emptyMatrix } from "./confusion.ts";
import { evaluationIntervals } from "./intervals.ts";

/** The test set of one fold. */
export interface TestedFold {
  run: number;
  /** Its number, from 1, and the number of folds. */
  fold: { number: number; of: number };
  labels: readonly string[];
  confusion: ConfusionMatrix;
}

/**
 * Adds the confusion matrices of the folds and computes the metrics of the sum. Pooled metrics weight each beat equally;
 * a mean over folds weights each fold equally, and its macro F1 depends on which classes a fold happens to have (Forman &
 * Scholz, Apples-to-apples in cross-validation studies, SIGKDD Explorations 12 (2010)).
 * @returns null without folds, and where two runs are of one fold, of different divisions, or have different classes
 */
export function poolFolds(folds: readonly TestedFold[]): PooledFolds | null {
  const [first] = folds;
  if (first === undefined) return null;
  const labels = first.labels.join("\n");
  const fit = folds.every(({ fold, labels: own }) => fold.of === first.fold.of && own.join("\n") === labels);
  if (!fit || new Set(folds.map(({ fold }) => fold.number)).size < folds.length) return null;
  const sum = emptyMatrix(first.labels.length);
  for (const { confusion } of folds) addTo(sum, confusion);
  return {
    runs: folds.map(({ run }) => run),
    folds: first.fold.of,
    evaluation: classificationReport(sum, first.labels),
    intervals: evaluationIntervals(sum),
  };
}
