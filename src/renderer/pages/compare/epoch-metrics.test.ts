import { describe, expect, it } from "vitest";
import type { EpochMetrics } from "../../../contract/domain/training.ts";
import { curveOf, epochAt, smoothed } from "./epoch-metrics.ts";

const epochs = [0.9, 0.4, 0.5].map((validationLoss, i): EpochMetrics => ({
  epoch: i + 1,
  trainLoss: 1,
  trainAccuracy: 0.5,
  validationLoss,
  validationAccuracy: 0.8 + i / 100,
  validationMacroF1: 0.7,
  validationF1: [],
  learningRate: 0.001,
  seconds: 10,
  validationSeconds: 2,
}));

describe("epochAt", () => {
  it("finds the best, the last, or a given epoch", () => {
    expect(epochAt(epochs, "best", null)?.epoch).toBe(2);
    expect(epochAt(epochs, "best", 1)?.epoch).toBe(1);
    expect(epochAt(epochs, "last", null)?.epoch).toBe(3);
    expect(epochAt(epochs, 1, null)?.epoch).toBe(1);
    expect(epochAt(epochs, 9, null)).toBeNull();
    expect(epochAt([], "best", null)).toBeNull();
  });
});

describe("curveOf", () => {
  it("runs over epochs, steps or training time", () => {
    expect(curveOf(epochs, "validationLoss", "epoch", 100)).toEqual([
      [1, 0.9],
      [2, 0.4],
      [3, 0.5],
    ]);
    expect(curveOf(epochs, "validationLoss", "step", 100).map(([x]) => x)).toEqual([100, 200, 300]);
    expect(curveOf(epochs, "validationLoss", "time", 0).map(([x]) => x)).toEqual([12, 24, 36]);
  });
});

describe("smoothed", () => {
  it("keeps the curve at weight 0, and starts at its first value", () => {
    const points = curveOf(epochs, "validationLoss", "epoch", 0);
    expect(smoothed(points, 0)).toEqual(points);
    const smooth = smoothed(points, 0.5);
    expect(smooth[0][1]).toBeCloseTo(0.9, 12);
    // (0.5 · 0.9 + 1 · 0.4) / 1.5
    expect(smooth[1][1]).toBeCloseTo(0.85 / 1.5, 12);
    expect(
      smoothed(
        [
          [1, 3],
          [2, 3],
        ],
        0.9,
      ).map(([, y]) => y),
    ).toEqual([expect.closeTo(3, 12), expect.closeTo(3, 12)]);
  });
});
