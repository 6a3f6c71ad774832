import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialPValue, mcnemar } from "./mcnemar.ts";

describe("mcnemar", () => {
  it("counts each beat once, by which classifier is correct", () => {
    const truth = Uint8Array.of(0, 0, 1, 1, 2, 2);
    const one = Uint8Array.of(0, 0, 1, 0, 1, 2);
    const other = Uint8Array.of(0, 1, 0, 1, 1, 2);
    expect(mcnemar(truth, one, other)).toMatchObject({
      bothCorrect: 2,
      onlyOneCorrect: 2,
      onlyOtherCorrect: 1,
      bothWrong: 1,
    });
  });

  // scipy.stats.binomtest(a, a + b).pvalue, SciPy 1.17.1
  it.each([
    [0, 0, 1],
    [0, 5, 0.0625],
    [3, 8, 0.2265625],
    [10, 30, 0.0022214337732293643],
    [40, 40, 1],
    [1200, 1300, 0.047681865221043444],
    [0, 1000, 1.8665272370064378e-301],
  ])("equals the exact binomial test for %i and %i", (a, b, expected) => {
    expect(Math.abs(binomialPValue(a, b) / expected - 1)).toBeLessThan(1e-9);
    expect(binomialPValue(b, a)).toBe(binomialPValue(a, b));
  });

  it("is a probability that falls as the counts become more unequal", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 500 }), (a, more) => {
        const p = binomialPValue(a, a + more);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(binomialPValue(a, a + more - 1) + 1e-12);
      }),
    );
  });
});
