/** Mean and sample standard deviation (n − 1) over runs. */
import type { ClassSpread, Evaluation, Spread } from "../../contract/domain/evaluation.ts";

/** Returns both; null where there are too few values. */
export function spread(values: readonly number[]): Spread {
  const n = values.length;
  if (n === 0) return { n, mean: null, deviation: null };
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, deviation: n < 2 ? null : Math.sqrt(squares / (n - 1)) };
}

/**
 * Returns the spread of each class's metrics over runs with the same labels. A sensitivity without beats of the class,
 * a PPV without beats predicted as it, and an F1 without either are undefined and left out.
 */
export function classSpreads(evaluations: readonly Pick<Evaluation, "perClass" | "confusion">[]): ClassSpread[] {
  const [first] = evaluations;
  return first.perClass.map(({ label }, number) => {
    const ofRuns = evaluations.map(({ perClass, confusion }) => ({
      ...perClass[number],
      predicted: confusion.reduce((sum, row) => sum + row[number], 0),
    }));
    return {
      label,
      sensitivity: spread(ofRuns.filter(({ support }) => support > 0).map(({ sensitivity }) => sensitivity)),
      ppv: spread(ofRuns.filter(({ predicted }) => predicted > 0).map(({ ppv }) => ppv)),
      f1: spread(ofRuns.filter(({ support, predicted }) => support + predicted > 0).map(({ f1 }) => f1)),
    };
  });
}
