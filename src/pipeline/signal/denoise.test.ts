import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EctopyError } from "../../contract/domain/errors.ts";
import { randomStream } from "../random.ts";
import { createDenoiser, type DenoisingSettings } from "./denoise.ts";

interface GoldenDenoising extends DenoisingSettings {
  signal: number[];
  denoised: number[];
}

// Made by tests/golden/make-pywavelets.py.
const golden = JSON.parse(readFileSync(new URL("../../../tests/golden/pywavelets.json", import.meta.url), "utf8")) as {
  denoised: GoldenDenoising[];
};

const reference: DenoisingSettings = { wavelet: "db4", levels: 7, threshold: "soft" };
// Rounding errors of sums over signals of about 1 mV are a thousand times smaller.
const TOLERANCE = 1e-12;

function denoised(signal: Float64Array, settings = reference): Float64Array {
  const output = new Float64Array(signal.length);
  createDenoiser(settings, signal.length).denoise(signal, 0, output, 0);
  return output;
}

function largestDifference(a: Float64Array, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
}

/** Returns a bump with noise. */
function makeBeat(length: number, name: string | number): Float64Array {
  const random = randomStream(5, name);
  return Float64Array.from({ length }, (_, i) => Math.exp(-(((i - length / 2) / 6) ** 2)) + 0.02 * random.normal());
}

const settingsOf = fc.record({
  wavelet: fc.integer({ min: 1, max: 38 }).map((order) => `db${order}`),
  levels: fc.integer({ min: 1, max: 9 }),
  threshold: fc.constantFrom("soft" as const, "hard" as const),
});

describe("createDenoiser", () => {
  it.each(golden.denoised)(
    "equals PyWavelets: $wavelet, $levels levels, $threshold, $signal.length samples",
    (expected) => {
      expect(largestDifference(denoised(Float64Array.from(expected.signal), expected), expected.denoised)).toBeLessThan(
        TOLERANCE,
      );
    },
  );

  it("equals Haar by hand: a threshold above every detail yields the means of the pairs", () => {
    // |cD1| = √2, 0: σ = √½ / 0.6745 = 1.0483, threshold 1.0483 × √(2 ln 4) = 1.7456 > √2.
    const output = denoised(Float64Array.of(1, 3, 10, 10), { wavelet: "db1", levels: 1, threshold: "soft" });
    expect(largestDifference(output, [2, 2, 10, 10])).toBeLessThan(TOLERANCE);
  });

  it("scales with the signal, to the last bit for powers of 2", () => {
    fc.assert(
      fc.property(
        settingsOf,
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: -20, max: 20 }),
        (settings, n, power) => {
          const beat = makeBeat(n, n);
          const scaled = denoised(beat, settings).map((value) => value * 2 ** power);
          expect(
            denoised(
              beat.map((value) => value * 2 ** power),
              settings,
            ),
          ).toEqual(scaled);
        },
      ),
      { seed: 1, numRuns: 100 },
    );
  });

  it("keeps an offset, because no detail depends on a constant", () => {
    const beat = makeBeat(360, "offset");
    const shifted = denoised(beat.map((value) => value + 4)).map((value) => value - 4);
    expect(largestDifference(shifted, denoised(beat))).toBeLessThan(TOLERANCE);
  });

  it("yields zeros for zeros, and a constant for a constant", () => {
    fc.assert(
      fc.property(settingsOf, fc.integer({ min: 1, max: 100 }), fc.constantFrom(0, -0.145, 3), (settings, n, value) => {
        const output = denoised(new Float64Array(n).fill(value), settings);
        expect(largestDifference(output, new Float64Array(n).fill(value))).toBeLessThan(
          value === 0 ? 1e-300 : TOLERANCE,
        );
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it("does not change a signal with more than half of its finest details 0", () => {
    const step = Float64Array.from({ length: 64 }, (_, i) => (i < 31 ? 0 : 1));
    for (const threshold of ["soft", "hard"] as const)
      expect(largestDifference(denoised(step, { wavelet: "db1", levels: 3, threshold }), step)).toBeLessThan(TOLERANCE);
  });

  it.each([Number.NaN, Infinity, -Infinity])(
    "yields NaN in the whole signal, and not beyond, for a signal with %d",
    (value) => {
      for (const threshold of ["soft", "hard"] as const) {
        const denoiser = createDenoiser({ ...reference, threshold }, 40);
        const signal = makeBeat(40, "hole");
        const before = new Float64Array(40);
        denoiser.denoise(signal, 0, before, 0);
        const output = new Float64Array(42);
        denoiser.denoise(signal.with(17, value), 0, output, 1);
        expect([output[0], output[41]]).toEqual([0, 0]);
        expect(output.subarray(1, 41).every(Number.isNaN)).toBe(true);
        const after = new Float64Array(40);
        denoiser.denoise(signal, 0, after, 0);
        expect(after).toEqual(before);
      }
    },
  );

  it("reads and writes in the middle of arrays, in place, and in single precision", () => {
    const beat = makeBeat(50, "place");
    const expected = denoised(beat);
    const denoiser = createDenoiser(reference, 50);

    const row = new Float32Array(54).fill(7);
    denoiser.denoise(beat, 0, row, 2);
    expect(row).toEqual(Float32Array.of(7, 7, ...expected, 7, 7));

    const place = Float64Array.of(1, ...beat, 1);
    denoiser.denoise(place, 1, place, 1);
    expect(place).toEqual(Float64Array.of(1, ...expected, 1));

    const single = Float32Array.from(beat);
    const output = new Float64Array(50);
    denoiser.denoise(single, 0, output, 0);
    expect(output).toEqual(denoised(Float64Array.from(single)));
  });

  it("denoises a whole recording like a beat", () => {
    const record = makeBeat(650_000, "record");
    const output = denoised(record);
    // Far from the bump and the edges, only the noise in the lowest frequencies remains: 1 / 2⁷ of its power.
    const rest = output.subarray(1000, 300_000);
    const power = rest.reduce((sum, value) => sum + value ** 2, 0) / rest.length;
    expect(power / (0.02 ** 2 / 128)).toBeGreaterThan(0.8);
    expect(power / (0.02 ** 2 / 128)).toBeLessThan(1.2);
  });

  it("refuses an unknown wavelet, and lengths, levels and positions out of range", () => {
    expect(() => createDenoiser({ ...reference, wavelet: "sym4" }, 360)).toThrow(EctopyError);
    for (const length of [0, -1, 1.5, Number.NaN]) expect(() => createDenoiser(reference, length)).toThrow(RangeError);
    for (const levels of [0, 33, 1.5, Number.NaN])
      expect(() => createDenoiser({ ...reference, levels }, 360)).toThrow(RangeError);
    const denoiser = createDenoiser(reference, 10);
    const place = new Float64Array(12);
    for (const start of [-1, 3, 0.5, Number.NaN]) {
      expect(() => denoiser.denoise(place, start, place, 0)).toThrow(RangeError);
      expect(() => denoiser.denoise(place, 0, place, start)).toThrow(RangeError);
    }
  });
});
