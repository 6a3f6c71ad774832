import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appendSteps, lastStep, pointsFrom, type StepPoints } from "./step-points.ts";

const nothing: StepPoints = { points: [], stretch: 1 };
const curves = (firstStep: number, losses: number[]) => ({
  firstStep,
  losses: Float32Array.from(losses),
  accuracies: Float32Array.from(losses, (loss) => 1 - loss),
});

describe("points of a growing curve", () => {
  it("keep each step where there are few", () => {
    const { points } = appendSteps(nothing, curves(1, [0.5, 0.25]));
    expect(points.map(({ step, loss }) => [step, loss])).toEqual([
      [1, 0.5],
      [2, 0.25],
    ]);
  });

  it("skip known steps, and report a gap", () => {
    const known = appendSteps(nothing, curves(1, [0.5, 0.25]));
    const more = appendSteps(known, curves(2, [0.25, 0.125]));
    expect(more.points.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(() => appendSteps(known, curves(4, [0.1]))).toThrow(/Steps 3 to 3 are missing/);
  });

  it("are merged in pairs above the limit, and keep the mean and the extremes of all steps", () => {
    const pieces = fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(pieces, fc.integer({ min: 2, max: 20 }), (each, most) => {
        let grown = nothing;
        for (const piece of each) grown = appendSteps(grown, curves(lastStep(grown) + 1, piece), most);
        const all = Float32Array.from(each.flat());
        expect(grown.points.length).toBeLessThanOrEqual(most);
        expect(lastStep(grown)).toBe(all.length);
        expect(grown.points.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
        expect(Math.min(...grown.points.map(({ lowest }) => lowest))).toBe(Math.min(...all));
        expect(Math.max(...grown.points.map(({ highest }) => highest))).toBe(Math.max(...all));
        const mean = grown.points.reduce((sum, { loss, count }) => sum + loss * count, 0) / all.length;
        // Sums in another order: double rounding of at most 480 terms.
        expect(mean).toBeCloseTo(all.reduce((a, b) => a + b, 0) / all.length, 12);
      }),
    );
  });

  it("continue from steps that the shell has thinned", () => {
    const thinned = pointsFrom({
      steps: Int32Array.of(3, 6, 8),
      losses: Float32Array.of(3, 2, 1),
      lowest: Float32Array.of(2, 1, 1),
      highest: Float32Array.of(4, 3, 1),
      accuracies: Float32Array.of(0, 0.5, 1),
    });
    expect(thinned.points.map(({ count }) => count)).toEqual([3, 3, 2]);
    const grown = appendSteps(thinned, curves(9, [4, 0]));
    expect(grown.points.map(({ step, count, loss }) => [step, count, loss])).toEqual([
      [3, 3, 3],
      [6, 3, 2],
      [9, 3, 2],
      [10, 1, 0],
    ]);
  });
});
