import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MISSING_SAMPLE, type Annotation, type Signal } from "../../contract/domain/recordings.ts";
import { cutBeat, normaliseZScore, physicalSamples, selectBeats } from "./windows.ts";
import { annotation as mark } from "../../../tests/support/annotation.ts";

const makeSignal = (samples: number[]): Signal => ({
  lead: "MLII",
  units: "mV",
  gain: 200,
  baseline: 1024,
  rate: 360,
  samples: Int16Array.from(samples),
});
const window = { before: 3, after: 2 };

/** Annotations in samples of a recording at the signal's rate. */
const at360 = (annotations: Annotation[]) => ({ annotations, rate: 360 });

describe("selectBeats", () => {
  it("selects windows inside the recording: 3 ≤ at ≤ 8 of 10 samples with 3 before and 2 after", () => {
    const annotations = [0, 2, 3, 8, 9, -1].map((at) => mark(at, "N"));
    const beats = selectBeats(makeSignal(Array<number>(10).fill(0)), at360(annotations), "mit-bih", window);
    expect([...beats.samples]).toEqual([3, 8]);
    expect(beats.labels).toEqual(["N", "N"]);
    expect(beats.leftOut.outsideRecord).toBe(4);
  });

  it("excludes windows with missing samples, and looks no further than the window", () => {
    const samples = Array<number>(20).fill(0);
    samples[10] = MISSING_SAMPLE;
    const annotations = [8, 9, 13, 14].map((at) => mark(at, "V"));
    const beats = selectBeats(makeSignal(samples), at360(annotations), "mit-bih", window);
    expect([...beats.samples]).toEqual([8, 14]);
    expect(beats.leftOut.missingSamples).toBe(2);
  });

  it("counts unmapped beats by symbol, and no other annotations", () => {
    const annotations = ["/", "/", "N", "+", "~", "B"].map((symbol) => mark(5, symbol));
    const beats = selectBeats(makeSignal(Array<number>(10).fill(0)), at360(annotations), "mit-bih", window);
    expect(beats.labels).toEqual(["N"]);
    expect(beats.leftOut.symbols).toEqual({ "/": 2, B: 1 });
    const aami = selectBeats(makeSignal(Array<number>(10).fill(0)), at360([mark(5, "x")]), "aami", window);
    expect(aami.leftOut.symbols).toEqual({ x: 1 });
  });

  it("selects or counts every annotated beat once", () => {
    const symbols = fc.constantFrom("N", "V", "/", "x", "B", "?");
    const annotation = fc.tuple(fc.integer({ min: -50, max: 80 }), symbols).map(([at, symbol]) => mark(at, symbol));
    const sample = fc.constantFrom(0, 1000, MISSING_SAMPLE);
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 40 }), fc.array(annotation), (samples, annotations) => {
        const { samples: taken, leftOut } = selectBeats(makeSignal(samples), at360(annotations), "aami", window);
        const bySymbol = Object.values(leftOut.symbols).reduce((a, b) => a + b, 0);
        expect(taken.length + leftOut.outsideRecord + leftOut.missingSamples + bySymbol).toBe(annotations.length);
      }),
      { seed: 3, numRuns: 100 },
    );
  });
});

describe("cutBeat", () => {
  it("computes (adu − baseline) / gain: 1224 at gain 200 and baseline 1024 is 1 mV", () => {
    const out = new Float64Array(5);
    cutBeat(makeSignal([0, 1024, 1224, 924, 1025, 1023, 0]), 4, window, out);
    expect([...out]).toEqual([0, 1, -0.5, 0.005, -0.005]);
  });

  it("returns NaN for a missing sample", () => {
    const out = new Float64Array(2);
    physicalSamples(makeSignal([MISSING_SAMPLE, 1024]), 0, 2, out);
    expect([...out]).toEqual([Number.NaN, 0]);
  });
});

describe("normaliseZScore", () => {
  it("yields mean 0 and population deviation 1: 1 2 3 4 has mean 2.5 and variance 1.25", () => {
    const beat = Float64Array.of(1, 2, 3, 4);
    normaliseZScore(beat);
    const deviation = Math.sqrt(1.25);
    expect([...beat]).toEqual([-1.5, -0.5, 0.5, 1.5].map((value) => value / deviation));
  });

  it("turns a constant beat into zeros, even with a rounded mean", () => {
    const beat = new Float64Array(360).fill(0.1);
    normaliseZScore(beat);
    expect(beat.every((value) => value === 0)).toBe(true);
  });
});
