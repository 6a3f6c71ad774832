/** Results by patient equal scikit-learn's and NumPy's (tests/golden/make-by-patient.py). */
import { expect, it } from "vitest";
import golden from "../../../tests/golden/by-patient.json" with { type: "json" };
import type { Interval } from "../../contract/domain/evaluation.ts";
import { resultsByPatient } from "./by-patient.ts";
import { predictedClasses } from "./confusion.ts";

const probabilities = Float32Array.from(golden.probabilities);
const results = resultsByPatient({
  labels: golden.labels,
  records: golden.patients.map((_, number) => `record ${number}`),
  patients: golden.patients,
  truth: golden.truth,
  predicted: predictedClasses(probabilities, golden.labels.length),
  record: golden.record,
  probabilities,
});

it("gives each recording scikit-learn's sensitivity, PPV and F1", () => {
  for (const { record, perClass } of results.recordings) {
    const expected = golden.byRecording[Number(record.slice("record ".length))];
    perClass.forEach((metrics, number) => {
      expect(metrics.support).toBe(expected[number].support);
      for (const key of ["sensitivity", "ppv", "f1"] as const) {
        expect(metrics[key]).toBeCloseTo(expected[number][key], 12);
      }
    });
  }
  expect(results.recordings).toHaveLength(golden.patients.length);
});

it("gives a class without the recording that dominates it", () => {
  expect(results.dominated.map(({ label, record, beats, of }) => [label, record, beats, of])).toEqual([
    ["S", "record 3", 70, 103],
  ]);
  const [{ sensitivity, ppv, f1 }] = results.dominated;
  const expected = golden.withoutRecording3[1];
  expect(sensitivity).toBeCloseTo(expected.sensitivity, 12);
  expect(ppv).toBeCloseTo(expected.ppv, 12);
  expect(f1).toBeCloseTo(expected.f1, 12);
});

it("has the intervals of a bootstrap over patients by NumPy, as closely as resampling allows", () => {
  const { intervals } = results;
  expect(intervals?.patients).toBe(11);
  const ours: Record<string, Interval | null> = {
    accuracy: intervals!.accuracy,
    macroF1: intervals!.macroF1,
    loss: intervals!.loss,
    macroRocArea: intervals!.macroRocArea,
    macroAveragePrecision: intervals!.macroAveragePrecision,
  };
  intervals!.perClass.forEach((metrics, number) => {
    for (const [key, interval] of Object.entries(metrics) as [string, Interval | null][]) {
      ours[`${key}${number}`] = interval;
    }
  });
  expect(Object.keys(ours).sort()).toEqual(Object.keys(golden.intervals).sort());
  for (const [key, [low, high]] of Object.entries(golden.intervals)) {
    // Four standard errors of a 2.5 % percentile of 500 resamples are 0.12 of the interval's width.
    const tolerance = 0.12 * (high - low);
    expect(Math.abs(ours[key]!.low - low), key).toBeLessThan(tolerance);
    expect(Math.abs(ours[key]!.high - high), key).toBeLessThan(tolerance);
  }
});
