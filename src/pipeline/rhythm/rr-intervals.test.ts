import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Annotation } from "../../contract/domain/recordings.ts";
import { findPauses, heartRateTrend, rrIntervals } from "./rr-intervals.ts";
import { summariseRhythm } from "./summarise-rhythm.ts";

const beats = (...samples: number[]): Uint32Array => Uint32Array.from(samples);

describe("RR intervals", () => {
  it("lie between successive beats, in seconds", () => {
    expect(rrIntervals(beats(100, 180, 300), 100, [])).toEqual({
      samples: beats(180, 300),
      seconds: Float32Array.of(0.8, 1.2),
    });
  });

  it("leave out intervals that reach into flutter", () => {
    expect([...rrIntervals(beats(100, 180, 900, 980), 100, [{ from: 200, to: 880 }]).samples]).toEqual([180, 980]);
  });

  it("sum up to the time between the first and the last beat", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(100_000), { minLength: 2, maxLength: 100 }), (values) => {
        const sorted = Uint32Array.from(values.sort((a, b) => a - b));
        const sum = rrIntervals(sorted, 250, []).seconds.reduce((a, b) => a + b, 0);
        expect(sum).toBeCloseTo((sorted[sorted.length - 1] - sorted[0]) / 250, 2);
      }),
    );
  });

  it("skip a blocked P wave, which is no beat", () => {
    const annotations = ["N", "x", "N"].map((symbol, i): Annotation => {
      return { symbol, sample: 100 + 90 * i, subtype: 0, channel: 0, num: 0, aux: "" };
    });
    const { intervals } = summariseRhythm({ annotations, length: 1000, rate: 100, leads: 1 });
    expect([...intervals.seconds].map((each) => Number(each.toFixed(3)))).toEqual([1.8]);
  });
});

describe("pauses", () => {
  it("are intervals above two seconds", () => {
    const intervals = rrIntervals(beats(0, 200, 401, 500), 100, []);
    expect(findPauses(intervals, 100)).toEqual([{ from: 200, to: 401 }]);
  });
});

describe("the heart rate", () => {
  it("is 60 divided by the mean interval of a bin, with the extremes", () => {
    const intervals = rrIntervals(beats(0, 50, 150, 2500, 2600), 100, [{ from: 160, to: 2400 }]);
    const { binSeconds, mean, lowest, highest } = heartRateTrend(intervals, 100, 30);
    expect(binSeconds).toBe(10);
    expect([...mean]).toEqual([80, Number.NaN, 60]);
    expect([...lowest]).toEqual([60, Number.NaN, 60]);
    expect([...highest]).toEqual([120, Number.NaN, 60]);
  });

  it("has at most 1,440 bins, also for a day and more", () => {
    expect(heartRateTrend(rrIntervals(beats(0, 100), 100, []), 100, 86_400)).toMatchObject({ binSeconds: 60 });
    expect(heartRateTrend(rrIntervals(beats(0, 100), 100, []), 100, 10 * 86_400).mean).toHaveLength(1440);
  });

  it("lies between its extremes", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(20_000), { minLength: 2, maxLength: 200 }), (values) => {
        const sorted = Uint32Array.from(values.sort((a, b) => a - b));
        const { mean, lowest, highest } = heartRateTrend(rrIntervals(sorted, 100, []), 100, 200);
        mean.forEach((value, i) => {
          if (Number.isNaN(value)) return;
          expect(value).toBeGreaterThanOrEqual(lowest[i] * 0.9999);
          expect(value).toBeLessThanOrEqual(highest[i] * 1.0001);
        });
      }),
    );
  });
});
