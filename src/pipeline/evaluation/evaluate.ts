/** The evaluation of a classifier on one part: from its probabilities to every figure that is shown. */
import type { Evaluation } from "../../contract/domain/evaluation.ts";
import { classificationReport } from "./classification-report.ts";
import { confusionMatrix, predictedClasses } from "./confusion.ts";
import { meanCrossEntropy } from "./cross-entropy.ts";

/**
 * @param probabilities beats × labels
 * @param truth true class of each beat, a number into `labels`; at least one
 */
export function evaluate(probabilities: Float32Array, truth: Uint8Array, labels: readonly string[]): Evaluation {
  const confusion = confusionMatrix(truth, predictedClasses(probabilities, labels.length), labels.length);
  return {
    loss: meanCrossEntropy(probabilities, labels.length, truth),
    ...classificationReport(confusion, labels),
  };
}
