/** Evaluation of a classifier on one set: all metrics from its probabilities. */
import type { Evaluation } from "../../contract/domain/evaluation.ts";
import { classificationReport } from "./classification-report.ts";
import { confusionMatrix, predictedClasses } from "./confusion.ts";
import { meanCrossEntropy } from "./cross-entropy.ts";

/**
 * Evaluates predictions.
 * @param probabilities beats × labels
 * @param truth true class of each beat, an index into `labels`; at least one
 */
export function evaluate(probabilities: Float32Array, truth: Uint8Array, labels: readonly string[]): Evaluation {
  const confusion = confusionMatrix(truth, predictedClasses(probabilities, labels.length), labels.length);
  return {
    loss: meanCrossEntropy(probabilities, labels.length, truth),
    ...classificationReport(confusion, labels),
  };
}
