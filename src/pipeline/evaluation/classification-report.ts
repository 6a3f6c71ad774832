/**
 * PPV, sensitivity and F1 by class, accuracy and means: scikit-learn's `classification_report` with `zero_division=0`.
 */
import type { ClassMetrics, ConfusionMatrix, Evaluation } from "../../contract/domain/evaluation.ts";

/**
 * Computes the metrics of a confusion matrix. Every class has an entry, even if it never occurs. The macro average is
 * over the classes that occur or are predicted, as in scikit-learn without `labels`. Without beats, every metric is 0.
 * @param confusion square, one row and column for each label
 */
export function classificationReport(confusion: ConfusionMatrix, labels: readonly string[]): Omit<Evaluation, "loss"> {
  const predictions = labels.map((_, number) => sum(confusion.map((row) => row[number])));
  const perClass = labels.map((label, number): ClassMetrics => {
    const hits = confusion[number][number];
    const support = sum(confusion[number]);
    return {
      label,
      ppv: ratio(hits, predictions[number]),
      sensitivity: ratio(hits, support),
      f1: ratio(2 * hits, support + predictions[number]),
      support,
    };
  });
  const present = perClass.filter(({ support }, number) => support + predictions[number] > 0);
  const beats = sum(perClass.map(({ support }) => support));
  return {
    accuracy: ratio(sum(labels.map((_, number) => confusion[number][number])), beats),
    macroF1: ratio(sum(present.map(({ f1 }) => f1)), present.length),
    weightedF1: ratio(sum(perClass.map(({ f1, support }) => f1 * support)), beats),
    perClass,
    confusion,
  };
}

/** 0 / 0 counts as 0 (`zero_division=0`). */
function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
