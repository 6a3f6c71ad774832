import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { microBatchSizes } from "./loss.ts";

describe("microBatchSizes", () => {
  it("divides all beats into sizes that differ by 1 at most, and never into more micro-batches than beats", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 16 }), (batch, microBatches) => {
        const sizes = microBatchSizes(batch, microBatches);
        expect(sizes.length).toBe(Math.min(batch, microBatches));
        expect(sizes.reduce((a, b) => a + b)).toBe(batch);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
