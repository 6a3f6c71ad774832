import { expect, it } from "vitest";
import { classificationReport } from "./classification-report.ts";
import { classSpreads, spread } from "./spread.ts";

it("has no deviation with one value, and nothing with none", () => {
  expect(spread([])).toEqual({ n: 0, mean: null, deviation: null });
  expect(spread([0.5])).toEqual({ n: 1, mean: 0.5, deviation: null });
  expect(spread([0.4, 0.6]).deviation).toBeCloseTo(Math.sqrt(0.02), 12);
});

it("leaves runs in which a class's metric is undefined out of its mean", () => {
  const labels = ["N", "V"];
  const [n, v] = classSpreads([
    classificationReport(
      [
        [8, 2],
        [0, 0],
      ],
      labels,
    ),
    classificationReport(
      [
        [6, 0],
        [4, 0],
      ],
      labels,
    ),
  ]);
  expect(n.sensitivity).toMatchObject({ n: 2, mean: 0.9 });
  // The first run has no V, the second predicts none.
  expect(v.sensitivity).toEqual({ n: 1, mean: 0, deviation: null });
  expect(v.ppv).toEqual({ n: 1, mean: 0, deviation: null });
  expect(v.f1).toMatchObject({ n: 2, mean: 0 });
});
