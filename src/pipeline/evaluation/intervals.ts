/** 95 % intervals of the metrics of a confusion matrix (assumptions: wilson.ts). */
import type { ConfusionMatrix, EvaluationIntervals } from "../../contract/domain/evaluation.ts";
import { wilsonInterval } from "./wilson.ts";

export function evaluationIntervals(confusion: ConfusionMatrix): EvaluationIntervals {
  const perClass = confusion.map((row, number) => {
    const correct = row[number];
    const predicted = sum(confusion.map((other) => other[number]));
    return {
      correct,
      predicted,
      sensitivityInterval: wilsonInterval(correct, sum(row)),
      ppvInterval: wilsonInterval(correct, predicted),
    };
  });
  const beats = sum(confusion.flat());
  const correct = sum(perClass.map((each) => each.correct));
  return { beats, correct, accuracy: wilsonInterval(correct, beats), perClass };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
