import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { patientIntervals, resultsByPatient } from "./by-patient.ts";
import { wilsonInterval } from "./wilson.ts";

const labels = ["N", "V"];

describe("results by recording", () => {
  const results = resultsByPatient({
    labels,
    records: ["100", "201", "202", "999"],
    patients: [0, 1, 1, 2],
    truth: [0, 0, 0, 1, 0, 1, 1],
    predicted: [0, 0, 0, 0, 1, 1, 0],
    record: [0, 0, 1, 1, 2, 2, 2],
  });

  it("lists recordings with test beats, most errors first", () => {
    expect(results.recordings.map(({ record, beats, errors }) => [record, beats, errors])).toEqual([
      ["202", 3, 2],
      ["201", 2, 1],
      ["100", 2, 0],
    ]);
    const [worst] = results.recordings;
    expect(worst.accuracy).toBeCloseTo(1 / 3, 12);
    expect(worst.perClass[1]).toMatchObject({ label: "V", sensitivity: 0.5, ppv: 0.5, support: 2 });
  });

  it("has intervals from five patients on, and counts recordings of one patient as one", () => {
    const of = (patients: number[]) =>
      resultsByPatient({
        labels,
        records: patients.map(String),
        patients,
        truth: [...patients.map(() => 0), 1],
        predicted: [...patients.map(() => 0), 1],
        record: [...patients.keys(), 0],
      });
    expect(of([0, 1, 2, 3, 3]).intervals).toBeNull();
    const { intervals } = of([0, 1, 2, 3, 4, 4]);
    expect(intervals).toMatchObject({ patients: 5, resamples: 2000 });
    expect(intervals!.perClass[0].sensitivity).toEqual({ low: 1, high: 1 });
    // Class V occurs in one patient alone: with other patients, nothing is known of it.
    expect(intervals!.perClass[1]).toMatchObject({ sensitivity: null, ppv: null, f1: null, rocArea: null });
  });
});

describe("intervals over patients", () => {
  it("have no width where all patients are alike", () => {
    const patient = [
      [8, 2],
      [1, 9],
    ];
    const { accuracy, perClass } = patientIntervals([patient, patient, patient, patient, patient], labels);
    expect(accuracy.low).toBeCloseTo(0.85, 12);
    expect(accuracy.high).toBeCloseTo(0.85, 12);
    expect(perClass[1].sensitivity!.low).toBeCloseTo(0.9, 12);
  });

  it("are close to the interval over beats where each patient has one beat", () => {
    const [right, wrong] = [
      [
        [1, 0],
        [0, 0],
      ],
      [
        [0, 1],
        [0, 0],
      ],
    ];
    const matrices = [...Array.from({ length: 160 }, () => right), ...Array.from({ length: 40 }, () => wrong)];
    const { accuracy } = patientIntervals(matrices, labels);
    const wilson = wilsonInterval(160, 200)!;
    expect(Math.abs(accuracy.low - wilson.low)).toBeLessThan(0.015);
    expect(Math.abs(accuracy.high - wilson.high)).toBeLessThan(0.015);
  });

  it("are wider than the interval over beats where patients differ", () => {
    const good = [
      [100, 0],
      [0, 0],
    ];
    const bad = [
      [50, 50],
      [0, 0],
    ];
    const { accuracy } = patientIntervals([good, good, good, bad], labels);
    const wilson = wilsonInterval(350, 400)!;
    expect(accuracy.high - accuracy.low).toBeGreaterThan(2 * (wilson.high - wilson.low));
  });

  it("lie between 0 and 1, in order, and repeat for the same seed", () => {
    const matrix = fc.array(fc.array(fc.nat(20), { minLength: 2, maxLength: 2 }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(fc.array(matrix, { minLength: 2, maxLength: 6 }), (matrices) => {
        const intervals = patientIntervals(matrices, labels, { resamples: 50 });
        for (const { low, high } of [intervals.accuracy, intervals.macroF1, intervals.weightedF1]) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1 + 1e-12);
          expect(low).toBeLessThanOrEqual(high);
        }
        expect(patientIntervals(matrices, labels, { resamples: 50 })).toEqual(intervals);
      }),
      { numRuns: 50 },
    );
  });
});
