import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { thinSteps } from "./thin-steps.ts";

const curves = (losses: number[]) => ({
  firstStep: 1,
  losses: Float32Array.from(losses),
  accuracies: Float32Array.from(losses, (loss) => 1 - loss),
});

describe("thinSteps", () => {
  it("computes means and extremes over intervals of steps", () => {
    const thinned = thinSteps(curves([0.5, 0.25, 0.75, 0.25, 0.125]), 2);
    expect(thinned).toEqual({
      steps: Int32Array.of(2, 5),
      losses: Float32Array.of(0.375, 1.125 / 3),
      lowest: Float32Array.of(0.25, 0.125),
      highest: Float32Array.of(0.5, 0.75),
      accuracies: Float32Array.of(0.625, 1.875 / 3),
    });
  });

  it("does not change a short or an empty curve", () => {
    expect(thinSteps(curves([0.5, 0.25]), 10).losses).toEqual(Float32Array.of(0.5, 0.25));
    expect(thinSteps(curves([]), 10).steps).toHaveLength(0);
  });

  it("keeps every peak and the last step, for any number of points", () => {
    const losses = fc.array(fc.float({ min: 0, max: 8, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(losses, fc.integer({ min: 10, max: 50 }), (values, points) => {
        const thinned = thinSteps(curves(values), points);
        expect(thinned.steps.length).toBe(Math.min(points, values.length));
        expect(Math.max(...thinned.highest)).toBe(Math.max(...values));
        expect(Math.min(...thinned.lowest)).toBe(Math.min(...values));
        expect(thinned.steps.at(-1)).toBe(values.length);
        thinned.steps.forEach((step, i) => expect(step).toBeGreaterThan(i === 0 ? 0 : thinned.steps[i - 1]));
      }),
    );
  });
});
