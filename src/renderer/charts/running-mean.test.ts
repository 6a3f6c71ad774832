import { describe, expect, it } from "vitest";
import { runningMean } from "./running-mean.ts";

describe("running mean", () => {
  it("uses the same number of points on both sides", () => {
    expect(runningMean([0, 3, 6, 3, 0], [1, 1, 1, 1, 1], 1)).toEqual([0, 3, 4, 3, 0]);
  });

  it("weights a point by the steps that it covers", () => {
    expect(runningMean([0, 4, 1], [1, 2, 1], 1)).toEqual([0, (0 + 8 + 1) / 4, 1]);
  });

  it("does not change a straight line, nor a curve of one point", () => {
    const line = Array.from({ length: 20 }, (_, i) => i);
    runningMean(
      line,
      line.map(() => 1),
      5,
    ).forEach((mean, i) => expect(mean).toBeCloseTo(i, 12));
    expect(runningMean([7], [3], 4)).toEqual([7]);
    expect(runningMean([], [], 4)).toEqual([]);
  });
});
