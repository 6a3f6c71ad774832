import { describe, expect, it } from "vitest";
import type { ComparedRun, RunComparison } from "../../../contract/domain/comparison.ts";
import { comparedRows, matrixDifference, sameTest } from "./compared-rows.ts";

const run = (id: number, accuracy: number | null, preparation = 1): ComparedRun => ({
  id,
  network: "ANN",
  status: accuracy === null ? "running" : "completed",
  dataset: "Sample",
  preparation,
  testKey: `1 intra-patient ${preparation}`,
  protocol: "intra-patient",
  labels: ["N", "V"],
  caveats: [],
  looks: null,
  bestEpoch: 1,
  stepsPerEpoch: 1,
  seconds: 1,
  parameters: 1,
  test:
    accuracy === null
      ? null
      : { loss: 1, accuracy, macroF1: accuracy, weightedF1: accuracy, perClass: [], confusion: [] },
  validation: null,
});
const spread = (mean: number | null, deviation: number | null, n: number) => ({ n, mean, deviation });
const comparison = (runs: ComparedRun[], groups: number[][]): RunComparison => ({
  runs,
  differing: [],
  shared: [],
  trainedOnTests: [],
  pooled: null,
  repeats: groups.map((ids) => {
    const value = spread(0.9, 0.01, ids.length);
    return { runs: ids, accuracy: value, macroF1: value, weightedF1: value, classes: [] };
  }),
});

describe("comparedRows", () => {
  it("give each run its difference from the baseline, and the baseline none", () => {
    const rows = comparedRows(comparison([run(1, 0.9), run(2, 0.95), run(3, null)], [[1], [2], [3]]), 2, false);
    expect(rows.map(({ metrics }) => metrics.accuracy)).toEqual([
      { value: 0.9, deviation: null, difference: 0.9 - 0.95, isBest: false },
      { value: 0.95, deviation: null, difference: null, isBest: true },
      { value: null, deviation: null, difference: null, isBest: false },
    ]);
  });

  it("give neither differences nor a best value between runs with different test beats", () => {
    const compared = comparison([run(1, 0.9), run(2, 0.95), run(3, 0.99, 2)], [[1], [2], [3]]);
    const rows = comparedRows(compared, 1, false).map(({ metrics: { accuracy } }) => accuracy);
    expect(rows.map(({ difference }) => difference)).toEqual([null, 0.95 - 0.9, null]);
    expect(rows.some(({ isBest }) => isBest)).toBe(false);
  });

  it("give repeats in one row as mean and standard deviation on request", () => {
    const compared = comparison([run(1, 0.89), run(2, 0.91), run(3, 0.8)], [[1, 2], [3]]);
    const rows = comparedRows(compared, 1, true);
    expect(rows.map(({ runs }) => runs.map(({ id }) => id))).toEqual([[1, 2], [3]]);
    expect(rows[0].metrics.macroF1).toEqual({ value: 0.9, deviation: 0.01, difference: null, isBest: true });
    // A run without repeats keeps its value.
    expect(rows[1].metrics.macroF1.value).toBe(0.8);
    expect(rows[1].metrics.macroF1.difference).toBeCloseTo(-0.1, 12);
    expect(comparedRows(compared, 1, false)).toHaveLength(3);
  });
});

describe("sameTest", () => {
  it("is true for runs of one preparation", () => {
    expect(sameTest([run(1, 0.9), run(2, 0.8)])).toBe(true);
    expect(sameTest([run(1, 0.9), run(2, 0.8, 2)])).toBe(false);
  });
});

describe("matrixDifference", () => {
  it("is in percentage points of the true class, and null for a class without beats", () => {
    const one = [
      [8, 2],
      [0, 0],
    ];
    const other = [
      [45, 5],
      [1, 1],
    ];
    expect(matrixDifference(one, other)).toEqual([
      [10, -10],
      [null, null],
    ]);
  });
});
