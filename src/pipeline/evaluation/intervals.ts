/** 95 % intervals of what a confusion matrix says (wilson.ts says what they take for granted). */
import type { ConfusionMatrix, EvaluationIntervals } from "../../contract/domain/evaluation.ts";
import { wilsonInterval } from "./wilson.ts";

export function evaluationIntervals(confusion: ConfusionMatrix): EvaluationIntervals {
  const perClass = confusion.map((row, number) => {
    const right = row[number];
    const predicted = sum(confusion.map((other) => other[number]));
    return {
      right,
      predicted,
      sensitivity: wilsonInterval(right, sum(row)),
      positivePredictivity: wilsonInterval(right, predicted),
    };
  });
  const beats = sum(confusion.flat());
  const right = sum(perClass.map((each) => each.right));
  return { beats, right, accuracy: wilsonInterval(right, beats), perClass };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
