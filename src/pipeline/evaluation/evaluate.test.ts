import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { ConfusionMatrix } from "../../contract/domain/evaluation.ts";
import { evaluate } from "./evaluate.ts";

// Made by tests/golden/make-evaluation.py with scikit-learn and Keras.
const golden = JSON.parse(readFileSync(new URL("../../../tests/golden/evaluation.json", import.meta.url), "utf8")) as {
  cases: {
    classes: number;
    truth: number[];
    probabilities: number[];
    confusion: ConfusionMatrix;
    /** By scikit-learn's names. */
    perClass: { precision: number; recall: number; f1: number; support: number }[];
    accuracy: number;
    macroF1: number;
    weightedF1: number;
    loss: number;
  }[];
};

it.each(golden.cases)("equals scikit-learn and Keras: $truth.length beats, $classes classes", (expected) => {
  const labels = Array.from({ length: expected.classes }, (_, number) => `c${number}`);
  const evaluation = evaluate(Float32Array.from(expected.probabilities), Uint8Array.from(expected.truth), labels);
  expect(evaluation.confusion).toEqual(expected.confusion);
  expect(evaluation.perClass.map(({ label }) => label)).toEqual(labels);
  evaluation.perClass.forEach((metrics, number) => {
    const { precision, recall, f1, support } = expected.perClass[number];
    expect(metrics.ppv).toBeCloseTo(precision, 12);
    expect(metrics.sensitivity).toBeCloseTo(recall, 12);
    expect(metrics.f1).toBeCloseTo(f1, 12);
    expect(metrics.support).toBe(support);
  });
  for (const name of ["accuracy", "macroF1", "weightedF1"] as const)
    expect(evaluation[name]).toBeCloseTo(expected[name], 12);
  // Keras adds up in float32: 24 bits of a loss up to 16 for a beat.
  expect(Math.abs(evaluation.loss - expected.loss)).toBeLessThan(16 * 2 ** -22);
});
