import { describe, expect, it } from "vitest";
import { classificationReport } from "./classification-report.ts";

describe("classificationReport", () => {
  it("computes PPV, sensitivity and F1, by hand for two classes", () => {
    // N: 8 of 10 beats found, 8 of 9 predictions correct. V: 4 of 5 found, 4 of 6 correct.
    const { perClass, accuracy, macroF1, weightedF1 } = classificationReport(
      [
        [8, 2],
        [1, 4],
      ],
      ["N", "V"],
    );
    expect(perClass[0]).toEqual({ label: "N", ppv: 8 / 9, sensitivity: 8 / 10, f1: 16 / 19, support: 10 });
    expect(perClass[1]).toEqual({ label: "V", ppv: 4 / 6, sensitivity: 4 / 5, f1: 8 / 11, support: 5 });
    expect(accuracy).toBe(12 / 15);
    expect(macroF1).toBe((16 / 19 + 8 / 11) / 2);
    expect(weightedF1).toBeCloseTo((10 * (16 / 19) + 5 * (8 / 11)) / 15, 15);
  });

  it("excludes classes from the macro average that neither occur nor are predicted", () => {
    const { perClass, macroF1 } = classificationReport(
      [
        [3, 0, 1],
        [0, 0, 0],
        [0, 0, 0],
      ],
      ["N", "V", "F"],
    );
    expect(perClass.map(({ f1 }) => f1)).toEqual([6 / 7, 0, 0]);
    // F is predicted once, so it counts; V is not.
    expect(macroF1).toBe(6 / 7 / 2);
  });

  it("returns 0 without beats", () => {
    const report = classificationReport([[0]], ["N"]);
    expect([report.accuracy, report.macroF1, report.weightedF1]).toEqual([0, 0, 0]);
  });
});
