import { describe, expect, it } from "vitest";
import { meanCrossEntropy } from "./cross-entropy.ts";

describe("meanCrossEntropy", () => {
  it("is the mean of −ln p of the true class: ln 2 and ln 4 give 1.5 ln 2", () => {
    expect(meanCrossEntropy(Float32Array.of(0.5, 0.5, 0.75, 0.25), 2, [0, 1])).toBeCloseTo(1.5 * Math.log(2), 15);
  });

  it("clips: a certain and wrong prediction costs ln 10⁷, not infinity", () => {
    expect(meanCrossEntropy(Float32Array.of(0, 1), 2, [0])).toBeCloseTo(7 * Math.log(10), 6);
    expect(meanCrossEntropy(Float32Array.of(0, 1), 2, [1])).toBeCloseTo(1e-7, 12);
  });
});
