import { describe, expect, it } from "vitest";
import { fastest, stepsOfBenchmark, type Measured } from "./tune.ts";

const ways = (...milliseconds: (number | null)[]): Measured[] =>
  milliseconds.map((time, i) => ({
    threads: i + 1,
    microBatches: 1,
    convolutions: "ectopy",
    milliseconds: time,
    startMilliseconds: 0,
  }));

describe("fastest", () => {
  it("takes the one that is clearly faster, else the likeliest, which comes first", () => {
    expect(fastest(ways(10, 8))).toEqual({ threads: 2, microBatches: 1, convolutions: "ectopy" });
    expect(fastest(ways(10, 9.5))).toEqual({ threads: 1, microBatches: 1, convolutions: "ectopy" });
    expect(fastest(ways(10, 8, 7))).toEqual({ threads: 3, microBatches: 1, convolutions: "ectopy" });
  });

  it("leaves out what could not be measured", () => {
    expect(fastest(ways(null, 50))).toEqual({ threads: 2, microBatches: 1, convolutions: "ectopy" });
    expect(fastest(ways(null, null))).toBeUndefined();
  });
});

it("counts the steps of a benchmark: one a round where a step is slow", () => {
  const rounds = { rounds: 5, milliseconds: 100, leastSteps: 1 };
  expect(stepsOfBenchmark(2, rounds)).toBe(4 + 5 * 50);
  expect(stepsOfBenchmark(400, rounds)).toBe(4 + 5);
});
