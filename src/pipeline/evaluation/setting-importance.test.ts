import { describe, expect, it } from "vitest";
import { randomStream } from "../random.ts";
import { explainedShare, groupMeans, groupValues } from "./setting-importance.ts";

describe("groups of values", () => {
  it("are the values, numbers in their order", () => {
    expect(groupValues(["64", "8", "128", "8"])).toEqual({ labels: ["8", "64", "128"], group: [1, 0, 2, 0] });
    expect(groupValues(["cnn", "ann", "cnn"])).toEqual({ labels: ["cnn", "ann"], group: [0, 1, 0] });
  });

  it("are ranges with equal numbers of runs where there are many numbers", () => {
    const values = Array.from({ length: 12 }, (_, i) => String((i * 5) % 12));
    const { labels, group } = groupValues(values);
    expect(labels).toEqual(["0 to 2", "3 to 5", "6 to 8", "9 to 11"]);
    expect(values.map((value, run) => [Number(value), group[run]])).toEqual(
      values.map((value) => [Number(value), Math.floor(Number(value) / 3)]),
    );
  });
});

describe("the explained share", () => {
  const groups = groupValues(["1", "1", "1", "2", "2", "2"]);

  it("is 1 where runs of a group are equal, and 0 where groups have one mean", () => {
    expect(explainedShare([0.5, 0.5, 0.5, 0.9, 0.9, 0.9], groups)).toBeCloseTo(1, 12);
    expect(explainedShare([0.4, 0.5, 0.6, 0.6, 0.5, 0.4], groups)).toBe(0);
  });

  it("is ε² of a one-way analysis of variance", () => {
    // Means 2 and 4, grand mean 3: SST = 10, SSW = 4, MSW = 1. (10 − 4 − 1) / 10.
    expect(explainedShare([1, 2, 3, 3, 4, 5], groups)).toBeCloseTo(0.5, 12);
    expect(groupMeans([1, 2, 3, 3, 4, 5], groups)).toEqual([2, 4]);
  });

  it("is near 0 on average for noise, whatever the number of groups", () => {
    const random = randomStream(1, "noise");
    const noise = (): number[] => Array.from({ length: 40 }, () => random.uniform());
    const eight = groupValues(Array.from({ length: 40 }, (_, i) => String(i % 8)));
    const shares = Array.from({ length: 200 }, () => explainedShare(noise(), eight)!);
    // η² would be 7/39 = 0.18 on average; cut off at 0, the mean of ε² is a little above 0.
    expect(shares.reduce((a, b) => a + b, 0) / shares.length).toBeLessThan(0.08);
  });

  it("is unknown with too few runs, one group or equal metrics", () => {
    expect(explainedShare([1, 2, 3], groupValues(["1", "2", "2"]))).toBeNull();
    expect(explainedShare([1, 2, 3], groupValues(["1", "1", "1"]))).toBeNull();
    expect(explainedShare([1, 1, 1, 1, 1, 1], groups)).toBeNull();
  });
});
