import { expect, it } from "vitest";
import { poolFolds, type TestedFold } from "./pooled-folds.ts";

const fold = (number: number, confusion: number[][], rest: Partial<TestedFold> = {}): TestedFold => ({
  run: 10 + number,
  fold: { number, of: 3 },
  labels: ["N", "V"],
  confusion,
  ...rest,
});
const first = fold(1, [
  [8, 2],
  [0, 0],
]);
const second = fold(2, [
  [5, 0],
  [1, 4],
]);

it("adds the matrices of the folds and computes the metrics of the sum", () => {
  const pooled = poolFolds([first, second]);
  expect(pooled).toMatchObject({ runs: [11, 12], folds: 3 });
  expect(pooled?.evaluation.confusion).toEqual([
    [13, 2],
    [1, 4],
  ]);
  // F1 of N is 26/29, of V 8/11; their mean is no mean of the folds.
  expect(pooled?.evaluation.macroF1).toBeCloseTo((26 / 29 + 8 / 11) / 2, 12);
  expect(pooled?.evaluation.accuracy).toBe(17 / 20);
  expect(pooled?.intervals.beats).toBe(20);
  expect(first.confusion[0]).toEqual([8, 2]);
});

it("pools no runs that are not folds of one division", () => {
  expect(poolFolds([])).toBeNull();
  expect(poolFolds([first, { ...second, fold: { number: 1, of: 3 } }])).toBeNull();
  expect(poolFolds([first, { ...second, fold: { number: 2, of: 5 } }])).toBeNull();
  expect(poolFolds([first, { ...second, labels: ["N", "S"] }])).toBeNull();
});
