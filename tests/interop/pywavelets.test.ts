/**
 * Compares wavelet transforms and filtering with live PyWavelets, over many wavelets, lengths and levels. ECTOPY_PYTHON
 * names the Python.
 */
import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, it, type TestContext } from "vitest";
import { randomStream } from "../../src/pipeline/random.ts";
import { daubechies } from "../../src/pipeline/signal/daubechies.ts";
import { createDenoiser } from "../../src/pipeline/signal/denoise.ts";
import { wavedec, waverec } from "../../src/pipeline/signal/dwt.ts";
import { python } from "../support/python.ts";

interface Case {
  wavelet: string;
  levels: number;
  signal: number[];
}

interface Answer {
  approximation: number[];
  /** Coefficients, finest level first. */
  details: number[][];
  reconstruction: number[];
  soft: number[];
  hard: number[];
}

const SCRIPT = `
import json, sys, warnings
import numpy as np
import pywt
warnings.filterwarnings("ignore", message="Level value")
answers = []
for case in json.load(sys.stdin):
    x, wavelet = np.array(case["signal"]), case["wavelet"]
    c = pywt.wavedec(x, wavelet, level=case["levels"])
    answer = {
        "approximation": c[0].tolist(),
        "details": [d.tolist() for d in c[:0:-1]],
        "reconstruction": pywt.waverec(c, wavelet).tolist(),
    }
    threshold = np.median(np.abs(c[-1])) / 0.6745 * np.sqrt(2 * np.log(len(x)))
    for mode in ("soft", "hard"):
        kept = [c[0]] + [pywt.threshold(d, threshold, mode) for d in c[1:]]
        answer[mode] = pywt.waverec(kept, wavelet)[:len(x)].tolist()
    answers.append(answer)
json.dump(answers, sys.stdout)
`;

/** Every order at a few lengths, from 2 samples on: PyWavelets' threshold gives NaN where noise and detail are 0. */
function randomCases(): Case[] {
  const random = randomStream(2026, "pywavelets");
  return Array.from({ length: 600 }, (_, i) => {
    const length = 2 + random.below(i % 3 === 0 ? 12 : 400);
    return {
      wavelet: `db${1 + (i % 38)}`,
      levels: 1 + random.below(10),
      signal: Array.from({ length }, () => random.normal()),
    };
  });
}

/** A QRS-like bump between two waves, baseline wander and noise, in steps of 1/200 mV. */
function beatCases(): Case[] {
  const random = randomStream(2026, "beats");
  return Array.from({ length: 300 }, (_, i) => {
    const wander = 2 * random.uniform();
    const height = 0.3 + random.uniform();
    const noise = 0.004 + 0.03 * random.uniform();
    const bump = (t: number, at: number, width: number): number => Math.exp(-(((t - at) / width) ** 2));
    const signal = Array.from({ length: 360 }, (_, t) => {
      const waves = 0.15 * bump(t, 110, 12) + height * bump(t, 180, 5) - 0.3 * bump(t, 190, 6) + 0.3 * bump(t, 270, 25);
      return Math.round(200 * (waves + 0.3 * Math.sin(wander + t / 150) + noise * random.normal())) / 200;
    });
    return {
      wavelet: i < 200 ? "db4" : `db${2 + random.below(19)}`,
      levels: i < 200 ? 7 : 1 + random.below(8),
      signal,
    };
  });
}

// Sums of at most 76 products of size 1 at each of at most 10 levels: rounding stays far below this bound, and an error
// in an index, a filter or an edge far above it.
const TOLERANCE = 1e-10;

function largestDifference(ours: Float64Array, theirs: number[]): number {
  if (ours.length !== theirs.length) return Infinity;
  return ours.reduce((largest, value, i) => Math.max(largest, Math.abs(value - theirs[i])), 0);
}

describe.each([
  { name: "random signals", cases: randomCases() },
  { name: "beats", cases: beatCases() },
])("PyWavelets on $name", ({ cases }) => {
  let answers: Answer[] = [];
  beforeAll(() => {
    if (python === undefined) return;
    const output = execFileSync(python, ["-c", SCRIPT], {
      input: JSON.stringify(cases),
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
    });
    answers = JSON.parse(output) as Answer[];
  });

  /** Compares `compute` with PyWavelets in every case. */
  function compare(ctx: TestContext, compute: (one: Case, answer: Answer) => number): void {
    if (python === undefined) return ctx.skip("ECTOPY_PYTHON names no Python with PyWavelets");
    expect(answers.length).toBe(cases.length);
    cases.forEach((one, i) => {
      const what = `${one.wavelet}, ${one.levels} levels, ${one.signal.length} samples`;
      expect(compute(one, answers[i]), what).toBeLessThan(TOLERANCE);
    });
  }

  it("wavedec gives the same coefficients", (ctx) => {
    compare(ctx, ({ wavelet, levels, signal }, answer) => {
      const { approximation, details } = wavedec(Float64Array.from(signal), daubechies(wavelet), levels);
      const differences = details.map((detail, level) => largestDifference(detail, answer.details[level]));
      return Math.max(largestDifference(approximation, answer.approximation), ...differences);
    });
  });

  it("waverec gives the same signal", (ctx) => {
    compare(ctx, ({ wavelet }, { approximation, details, reconstruction }) => {
      const theirs = {
        approximation: Float64Array.from(approximation),
        details: details.map((d) => new Float64Array(d)),
      };
      return largestDifference(waverec(theirs, daubechies(wavelet)), reconstruction);
    });
  });

  it.for(["soft", "hard"] as const)("the %s-thresholded signal is the same", (threshold, ctx) => {
    compare(ctx, ({ wavelet, levels, signal }, answer) => {
      const output = new Float64Array(signal.length);
      createDenoiser({ wavelet, levels, threshold }, signal.length).denoise(Float64Array.from(signal), 0, output, 0);
      return largestDifference(output, answer[threshold]);
    });
  });
});
