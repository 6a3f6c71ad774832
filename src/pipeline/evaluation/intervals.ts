/** Specificity by class, and 95 % intervals of the metrics of a confusion matrix (assumptions: wilson.ts). */
import type { ConfusionMatrix, EvaluationIntervals } from "../../contract/domain/evaluation.ts";
import { wilsonInterval } from "./wilson.ts";

export function evaluationIntervals(confusion: ConfusionMatrix): EvaluationIntervals {
  const beats = sum(confusion.flat());
  const perClass = confusion.map((row, number) => {
    const correct = row[number];
    const support = sum(row);
    const predicted = sum(confusion.map((other) => other[number]));
    const others = beats - support;
    const trueNegatives = others - (predicted - correct);
    return {
      correct,
      predicted,
      sensitivityInterval: wilsonInterval(correct, support),
      ppvInterval: wilsonInterval(correct, predicted),
      specificity: others === 0 ? null : trueNegatives / others,
      specificityInterval: wilsonInterval(trueNegatives, others),
    };
  });
  const correct = sum(perClass.map((each) => each.correct));
  return { beats, correct, accuracy: wilsonInterval(correct, beats), perClass };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
