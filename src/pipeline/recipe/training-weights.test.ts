import { expect, it } from "vitest";
import { trainingWeights, type WeightedBeats } from "./training-weights.ts";

/** Classes N S V Q of three recordings, the last one synthetic; row 12 is aberrated, row 16 a test beat. */
const classes = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 2, 3, 0, 0, 0, 1]);
const record = Uint32Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2]);
const beats: WeightedBeats = {
  classes,
  record,
  train: Uint32Array.from(classes.keys()).filter((row) => row !== 16),
  isLeftOut: (row) => row === 12,
  leftOutClasses: new Set([3]),
  syntheticFrom: 17,
};
const weights = trainingWeights(beats);
const sum = (rows: number[]): number => rows.reduce((total, row) => total + weights[row], 0);

it("weighs each class as (n_c / n) (n_0 / n_c)^0.3", () => {
  const [n, s, v] = [10, 4, 1];
  const [all, scaled] = [n + s + v, (count: number): number => count * (n / count) ** 0.3];
  const total = sum([0, 1, 2, 3, 4, 5, 6, 7, 10, 15]);
  expect(sum([8, 9, 11, 12]) / total).toBeCloseTo(scaled(s) / n, 5);
  expect(sum([13]) / total).toBeCloseTo(scaled(v) / n, 5);
  expect(all).toBe(15);
});

it("shares a class equally among recordings, with less for fewer than eight beats", () => {
  // Recording 0 has eight normal beats, recording 1 two of them.
  expect(sum([0, 1, 2, 3, 4, 5, 6, 7]) / sum([10, 15])).toBeCloseTo(8 / 2, 5);
  expect(sum([8, 9]) / sum([11])).toBeCloseTo(2, 5);
});

it("gives aberrated beats and class Q no weight, synthetic beats a fifth, and training beats mean 1", () => {
  expect([weights[12], weights[14]]).toEqual([0, 0]);
  expect(weights[17] / sum([0, 1, 2, 3, 4, 5, 6, 7, 10, 15])).toBeCloseTo(0.2, 5);
  expect(sum([...beats.train]) / beats.train.length).toBeCloseTo(1, 5);
  expect(weights[16]).toBe(1);
});
