import { expect, it } from "vitest";
import { fitScaling, scaleFeatures } from "./feature-scaling.ts";

it("scales by mean and deviation of the given rows alone, within ±2", () => {
  const table = { values: Float32Array.from([1, 5, 3, 5, 1000, 5]), width: 2 };
  const scaling = fitScaling(table, Uint32Array.from([0, 1]));
  expect(scaling.mean).toEqual([2, 5]);
  expect(scaling.deviation[0]).toBeCloseTo(1, 5);
  scaleFeatures(table, scaling);
  [-1, 0, 1, 0, 2, 0].forEach((value, i) => expect(table.values[i]).toBeCloseTo(value, 5));
});
