import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream, shuffle } from "./random.ts";

describe("randomStream", () => {
  it("gives the same numbers for the same seed and name, and others for another", () => {
    const draw = (seed: number, name: string): number[] => {
      const random = randomStream(seed, name);
      return Array.from({ length: 8 }, () => random.uint32());
    };
    expect(draw(42, "smote")).toEqual(draw(42, "smote"));
    expect(draw(42, "smote")).not.toEqual(draw(43, "smote"));
    expect(draw(42, "smote")).not.toEqual(draw(42, "split"));
  });

  it("is uniform in [0, 1): mean 1/2, variance 1/12, within five standard errors", () => {
    const random = randomStream(1, "test");
    const n = 100_000;
    const values = Array.from({ length: n }, () => random.uniform());
    const mean = values.reduce((a, b) => a + b) / n;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / n));
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values.slice(0, 1000))).toBeLessThan(1);
  });

  it("draws every integer below n, and no other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (n, seed) => {
        const random = randomStream(seed, "below");
        const seen = new Set(Array.from({ length: n * 60 }, () => random.below(n)));
        return [...seen].every((value) => Number.isInteger(value) && value >= 0 && value < n) && seen.size === n;
      }),
      { seed: 7, numRuns: 50 },
    );
    expect(() => randomStream(1).below(0)).toThrow(RangeError);
  });

  it("draws normals with mean 0 and variance 1, within five standard errors", () => {
    const random = randomStream(5, "normal");
    const n = 100_000;
    const values = Array.from({ length: n }, () => random.normal());
    const mean = values.reduce((a, b) => a + b) / n;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });
});

describe("shuffle", () => {
  it("keeps the same values", () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.nat(), (values, seed) => {
        const shuffled = shuffle([...values], randomStream(seed, "shuffle"));
        expect(shuffled.toSorted((a, b) => a - b)).toEqual(values.toSorted((a, b) => a - b));
      }),
    );
  });

  it("makes each of the 6 orders of three values equally often, within five standard errors", () => {
    const random = randomStream(9, "orders");
    const counts = new Map<string, number>();
    const n = 60_000;
    for (let i = 0; i < n; i++) {
      const order = shuffle([0, 1, 2], random).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) {
      expect(Math.abs(count - n / 6)).toBeLessThan(5 * Math.sqrt((n * 5) / 36));
    }
  });
});
