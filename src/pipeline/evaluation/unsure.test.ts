import { describe, expect, it } from "vitest";
import { ensembleProbabilities } from "./ensemble.ts";
import { unsureCost } from "./unsure.ts";

/** Four beats of N and V: two correct with 0.9, one correct with 0.6, one wrong with 0.7. */
const probabilities = Float32Array.of(0.9, 0.1, 0.1, 0.9, 0.6, 0.4, 0.7, 0.3);
const truth = Uint8Array.of(0, 1, 0, 1);

describe("cost of a threshold", () => {
  it("is nothing at 0: no beat is unsure, and the metrics are those of the run", () => {
    const cost = unsureCost(probabilities, truth, ["N", "V"], 0);
    expect([cost.unsure, cost.accuracy]).toEqual([0, 0.75]);
    expect(cost.perClass).toEqual([
      { label: "N", sensitivity: 1, ppv: 2 / 3, unsure: 0 },
      { label: "V", sensitivity: 0.5, ppv: 1, unsure: 0 },
    ]);
  });

  it("leaves the beats below the threshold out of the metrics, and counts them by class", () => {
    const cost = unsureCost(probabilities, truth, ["N", "V"], 0.8);
    expect([cost.unsure, cost.accuracy, cost.macroF1]).toEqual([0.5, 1, 1]);
    expect(cost.perClass.map(({ unsure }) => unsure)).toEqual([0.5, 0.5]);
  });

  it("has no metrics where every beat is unsure", () => {
    const cost = unsureCost(probabilities, truth, ["N", "V"], 0.99);
    expect([cost.unsure, cost.accuracy]).toEqual([1, null]);
    expect(cost.perClass[0]).toEqual({ label: "N", sensitivity: null, ppv: null, unsure: 1 });
  });
});

it("averages the probabilities of several runs", () => {
  expect([...ensembleProbabilities([Float32Array.of(1, 0), Float32Array.of(0.5, 0.5)])]).toEqual([0.75, 0.25]);
});
