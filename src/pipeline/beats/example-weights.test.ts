import { describe, expect, it } from "vitest";
import type { WeightingSettings } from "../../contract/domain/optimization.ts";
import { exampleWeights } from "./example-weights.ts";

/** Four real beats (N N N V) and two synthetic ones (V V). */
const examples = { classes: Uint8Array.of(0, 0, 0, 1, 1, 1), realCount: 4 };

function weights(weighting: WeightingSettings, part = [0, 1, 2, 3, 4, 5], labels = ["N", "V"]): number[] {
  const out = new Float32Array(part.length);
  exampleWeights(examples, labels, Uint32Array.from(part), weighting)(Uint32Array.from(part), out);
  return [...out];
}

describe("exampleWeights", () => {
  it("is 1 for every beat by default", () => {
    expect(weights({ classes: "equal", synthetic: 1 })).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it("balances classes like scikit-learn, by the training set alone", () => {
    // compute_class_weight("balanced", classes=[0, 1], y=[0, 0, 0, 1]): 4 / (2 · 3) and 4 / (2 · 1).
    expect(weights({ classes: "balanced", synthetic: 1 }, [0, 1, 2, 3])).toEqual(
      [2 / 3, 2 / 3, 2 / 3, 2].map((weight) => Math.fround(weight)),
    );
  });

  it("does not divide by a class without beats", () => {
    expect(weights({ classes: "balanced", synthetic: 1 }, [0, 1], ["N", "V", "x"])).toEqual([1, 1]);
  });

  it("multiplies by the weights that the preparation stores", () => {
    const weigh = exampleWeights(
      { classes: Uint8Array.of(0, 1, 1), realCount: 2, weights: Float32Array.of(0, 2, 0.5) },
      ["N", "V"],
      Uint32Array.of(0, 1, 2),
      { classes: { V: 4 }, synthetic: 0.5 },
    );
    const out = new Float32Array(3);
    weigh(Uint32Array.of(0, 1, 2), out);
    expect([...out]).toEqual([0, 8, 1]);
  });

  it("is 1 for classes with the name of an inherited property", () => {
    expect(weights({ classes: { V: 4 }, synthetic: 1 }, [0, 3], ["constructor", "toString"])).toEqual([1, 1]);
  });

  it("uses weights by label, 1 for other labels, and the weight of synthetic beats", () => {
    expect(weights({ classes: { V: 4 }, synthetic: 0.25 })).toEqual([1, 1, 1, 4, 1, 1]);
  });
});
