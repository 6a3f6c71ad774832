/** Beats whose probability is below a threshold, and what leaving them to a reader costs and gains on a test set. */
import type { UnsureCost } from "../../contract/domain/classification.ts";
import { classificationReport } from "./classification-report.ts";
import { confusionMatrix, predictedClasses } from "./confusion.ts";

/** Thresholds of the table: a few in steps that a person chooses among. */
export const THRESHOLDS: readonly number[] = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99];

/**
 * Returns the cost of a threshold.
 * @param probabilities calibrated, beats × classes
 * @param truth true class of each beat
 */
export function unsureCost(
  probabilities: Float32Array,
  truth: Uint8Array,
  labels: readonly string[],
  threshold: number,
): UnsureCost {
  const classes = labels.length;
  const predicted = predictedClasses(probabilities, classes);
  const sure = [...truth.keys()].filter((beat) => probabilities[beat * classes + predicted[beat]] >= threshold);
  const all = countsOf(truth, classes);
  const confusion = confusionMatrix(
    sure.map((beat) => truth[beat]),
    sure.map((beat) => predicted[beat]),
    classes,
  );
  const kept = confusion.map((row) => row.reduce((a, b) => a + b, 0));
  const metrics = sure.length === 0 ? null : classificationReport(confusion, labels);
  return {
    threshold,
    unsure: truth.length === 0 ? 0 : 1 - sure.length / truth.length,
    accuracy: metrics?.accuracy ?? null,
    macroF1: metrics?.macroF1 ?? null,
    perClass: labels.map((label, number) => ({
      label,
      sensitivity: kept[number] === 0 ? null : (metrics?.perClass[number].sensitivity ?? null),
      ppv: kept[number] === 0 ? null : (metrics?.perClass[number].ppv ?? null),
      unsure: all[number] === 0 ? null : 1 - kept[number] / all[number],
    })),
  };
}

function countsOf(classOf: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (let i = 0; i < classOf.length; i++) counts[classOf[i]]++;
  return counts;
}
