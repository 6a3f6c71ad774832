import fc from "fast-check";
import { expect, it } from "vitest";
import golden from "../../../tests/golden/calibration.json" with { type: "json" };
import { alarmPoints } from "./alarm-rate.ts";
import { fitTemperature, reliability, withTemperature } from "./calibration.ts";
import { predictedClasses } from "./confusion.ts";

// Made by tests/golden/make-calibration.py.
const probabilities = Float32Array.from(golden.probabilities);
const truth = Uint8Array.from(golden.truth);
const { classes } = golden;

it("fits SciPy's temperature", () => {
  // The minimum is flat: SciPy finds it to the square root of its precision.
  expect(fitTemperature(probabilities, classes, truth)).toBeCloseTo(golden.temperature, 5);
});

it("has NumPy's reliability and calibration error, before and after", () => {
  const after = withTemperature(probabilities, classes, golden.temperature);
  for (const [ours, expected] of [
    [reliability(probabilities, classes, truth), golden.before],
    [reliability(after, classes, truth), golden.after],
  ] as const) {
    expect(ours.error).toBeCloseTo(expected.error, 6);
    expected.bins.forEach(({ beats, confidence, accuracy }, i) => {
      expect(ours.bins[i].beats).toBe(beats);
      if (confidence !== null) expect(ours.bins[i].confidence).toBeCloseTo(confidence, 6);
      if (accuracy !== null) expect(ours.bins[i].accuracy).toBeCloseTo(accuracy, 12);
    });
  }
  expect(golden.after.error).toBeLessThan(golden.before.error);
});

it("keeps predicted classes at any temperature", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.3, max: 5, noNaN: true }), (temperature) => {
      const scaled = withTemperature(probabilities, classes, temperature);
      expect(predictedClasses(scaled, classes)).toEqual(predictedClasses(probabilities, classes));
    }),
    { seed: 1, numRuns: 20 },
  );
});

it("has scikit-learn's sensitivity at a rate of false positives per hour", () => {
  const labels = ["N", "S", "V", "F"];
  const points = alarmPoints({ probabilities, truth, labels, hours: golden.hours, rate: golden.rate });
  golden.alarms.forEach((expected, number) => {
    for (const key of ["threshold", "sensitivity", "ppv", "perHour"] as const) {
      expect(points[number][key], `${labels[number]} ${key}`).toBeCloseTo(expected[key], 6);
    }
  });
});

it("finds nothing of a class whose best score is a false positive, and no class that does not occur", () => {
  const points = alarmPoints({
    probabilities: Float32Array.of(0.6, 0.4, 0, 0.3, 0.7, 0),
    truth: Uint8Array.of(1, 0),
    labels: ["N", "V", "S"],
    hours: 1,
    rate: 0,
  });
  expect(points[1]).toMatchObject({ sensitivity: 0, threshold: null });
  expect(points[2].sensitivity).toBeNull();
});
