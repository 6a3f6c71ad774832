import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { averagePrecision, rocArea, scoreSteps, thresholdCurves } from "./threshold-curves.ts";

const beats = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean()), { minLength: 2, maxLength: 200 })
  .filter((list) => list.some(([, positive]) => positive) && list.some(([, positive]) => !positive));
const steps = (list: readonly (readonly [number, boolean])[]) =>
  scoreSteps(
    Float32Array.from(list, ([score]) => score / 20),
    Uint8Array.from(list, ([, positive]) => Number(positive)),
  );

describe("scoreSteps", () => {
  it("combines beats with equal scores into one step", () => {
    const { truePositives, falsePositives } = scoreSteps(
      Float32Array.of(0.5, 0.9, 0.5, 0.1, 0.5),
      Uint8Array.of(1, 1, 0, 0, 1),
    );
    expect([...truePositives]).toEqual([1, 3, 3]);
    expect([...falsePositives]).toEqual([0, 1, 2]);
  });
});

describe("rocArea", () => {
  it("is the share of correctly ordered pairs, with ties counted as half", () => {
    fc.assert(
      fc.property(beats, (list) => {
        const [ofClass, others] = [list.filter(([, p]) => p), list.filter(([, p]) => !p)];
        const right = ofClass.reduce(
          (sum, [a]) => sum + others.reduce((inner, [b]) => inner + (a > b ? 1 : a === b ? 0.5 : 0), 0),
          0,
        );
        expect(rocArea(steps(list))).toBeCloseTo(right / (ofClass.length * others.length), 12);
      }),
    );
  });

  it("is NaN where a class does not occur, or no other class does", () => {
    expect(rocArea(steps([[1, true]]))).toBeNaN();
    expect(rocArea(steps([[1, false]]))).toBeNaN();
    expect(averagePrecision(steps([[1, false]]))).toBeNaN();
  });
});

describe("thresholdCurves", () => {
  it("starts at (0, 0), ends at (1, 1), and is monotonic within its limit of points", () => {
    fc.assert(
      fc.property(beats, fc.integer({ min: 4, max: 50 }), (list, points) => {
        const curves = thresholdCurves(steps(list), points);
        expect([curves.falsePositiveRate[0], curves.recall[0]]).toEqual([0, 0]);
        expect([curves.falsePositiveRate.at(-1), curves.recall.at(-1)]).toEqual([1, 1]);
        expect(curves.recall.length).toBeLessThanOrEqual(points + 4);
        for (let i = 1; i < curves.recall.length; i++) {
          expect(curves.recall[i]).toBeGreaterThanOrEqual(curves.recall[i - 1]);
          expect(curves.falsePositiveRate[i]).toBeGreaterThanOrEqual(curves.falsePositiveRate[i - 1]);
        }
      }),
    );
  });
});
