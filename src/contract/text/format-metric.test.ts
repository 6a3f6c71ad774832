import { expect, it } from "vitest";
import { formatMetric, formatMetricSpread } from "./format-metric.ts";

it("formats a share in % with two decimals", () => {
  expect([0.8857, 0.99637, 1, 0].map(formatMetric)).toEqual(["88.57 %", "99.64 %", "100.00 %", "0.00 %"]);
});

it("formats a metric without a value as a dash", () => {
  expect([null, undefined, Number.NaN, Infinity].map(formatMetric)).toEqual(["–", "–", "–", "–"]);
});

it("formats mean and standard deviation with one unit", () => {
  expect(formatMetricSpread({ mean: 0.98123, deviation: 0.0031 })).toBe("98.12 ± 0.31 %");
});

it("omits the deviation of a single run", () => {
  expect(formatMetricSpread({ mean: 0.98123, deviation: null })).toBe("98.12 %");
  expect(formatMetricSpread({ mean: null, deviation: null })).toBe("–");
});
