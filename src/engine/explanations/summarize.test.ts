import { expect, it } from "vitest";
import { rankCorrelation, summarize } from "./summarize.ts";

const logOdds = { beat: 2, baseline: -1 };

it("sums contributions by feature, over rhythm and sequence, and by neighbour", () => {
  const rhythm = { id: "rhythm" as const, shape: [2], integrated: Float32Array.of(1, 2), guided: null };
  const sequence = {
    id: "sequence" as const,
    shape: [3, 2],
    integrated: Float32Array.of(10, 20, 30, 40, 50, 60),
    guided: null,
  };
  const summary = summarize({
    explanation: { logOdds, inputs: [rhythm, sequence] },
    inputs: [new Float32Array(2), new Float32Array(6)],
    channels: 1,
    featureNames: ["rr", "width"],
    sequence: { before: 1, after: 1 },
  });
  expect(summary.beat).toBeNull();
  expect(summary.features).toEqual({ names: ["rr", "width"], contributions: Float32Array.of(91, 122) });
  expect(summary.neighbours).toEqual({ before: 1, after: 1, contributions: Float32Array.of(30, 70, 110) });
});

it("compares both methods along the beat, over all channels", () => {
  const input = {
    id: "input" as const,
    shape: [3, 2],
    integrated: Float32Array.of(0, 1, -5, -5, 2, 1),
    guided: Float32Array.of(0.1, 0, 1, 0.9, 0.2, 0.3),
  };
  const { beat } = summarize({
    explanation: { logOdds, inputs: [input] },
    inputs: [new Float32Array(6)],
    channels: 2,
    featureNames: [],
  });
  expect(beat).toMatchObject({ channels: 2, agreement: 1 });
});

it("correlates ranks, with the mean rank of equal values", () => {
  expect(rankCorrelation([1, 2, 3, 4], [10, 20, 25, 100])).toBe(1);
  expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
  // scipy.stats.spearmanr([1, 2, 2, 4], [1, 3, 2, 4]).statistic
  expect(rankCorrelation([1, 2, 2, 4], [1, 3, 2, 4])).toBeCloseTo(0.9486832980505138, 12);
  expect(rankCorrelation([1, 1], [1, 2])).toBeNull();
});
