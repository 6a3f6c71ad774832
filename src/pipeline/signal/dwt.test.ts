import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daubechies } from "./daubechies.ts";
import { dwt, idwt, wavedec, waverec } from "./dwt.ts";

interface GoldenTransform {
  wavelet: string;
  levels: number;
  signal: number[];
  approximation: number[];
  /** Finest first. */
  details: number[][];
  reconstruction: number[];
}

// Made by tests/golden/make-pywavelets.py.
const golden = JSON.parse(readFileSync(new URL("../../../tests/golden/pywavelets.json", import.meta.url), "utf8")) as {
  transforms: GoldenTransform[];
};

// Coefficients of a few units are sums of up to 76 products per level: rounding errors are a thousand times smaller.
const TOLERANCE = 1e-11;

function expectClose(ours: Float64Array, theirs: ArrayLike<number>): void {
  expect(ours.length).toBe(theirs.length);
  for (let i = 0; i < ours.length; i++) expect(Math.abs(ours[i] - theirs[i])).toBeLessThan(TOLERANCE);
}

const signals = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 150 });
const banks = fc.integer({ min: 1, max: 38 }).map((order) => daubechies(`db${order}`));

describe.each(golden.transforms)(
  "$wavelet, $signal.length samples, $levels levels",
  ({ wavelet, levels, signal, approximation, details, reconstruction }) => {
    const bank = daubechies(wavelet);

    it("decomposes like PyWavelets", () => {
      const ours = wavedec(Float64Array.from(signal), bank, levels);
      expectClose(ours.approximation, approximation);
      expect(ours.details.length).toBe(levels);
      ours.details.forEach((detail, level) => expectClose(detail, details[level]));
    });

    it("reconstructs like PyWavelets", () => {
      const theirs = {
        approximation: Float64Array.from(approximation),
        details: details.map((d) => new Float64Array(d)),
      };
      expectClose(waverec(theirs, bank), reconstruction);
    });
  },
);

describe("dwt and idwt", () => {
  it("equals Haar by hand: halves of sums and differences, times √2", () => {
    const { approximation, detail } = dwt(Float64Array.of(1, 3, 10, 4), daubechies("db1"));
    expectClose(approximation, [4 / Math.SQRT2, 14 / Math.SQRT2]);
    expectClose(detail, [-2 / Math.SQRT2, 6 / Math.SQRT2]);
  });

  it("reflects at the edge sample: Haar uses the last sample of an odd length twice", () => {
    const { approximation, detail } = dwt(Float64Array.of(1, 3, 5), daubechies("db1"));
    expectClose(approximation, [4 / Math.SQRT2, 10 / Math.SQRT2]);
    expectClose(detail, [-2 / Math.SQRT2, 0]);
  });

  it("reconstructs the signal, with one extra sample for an odd length", () => {
    fc.assert(
      fc.property(banks, signals, (bank, values) => {
        const signal = Float64Array.from(values);
        const back = idwt(dwt(signal, bank), bank);
        expect(back.length).toBe(signal.length + (signal.length % 2));
        expectClose(back.subarray(0, signal.length), signal);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("has ⌊(n + taps − 1) / 2⌋ coefficients", () => {
    for (const [name, length, count] of [
      ["db4", 360, 183],
      ["db4", 183, 95],
      ["db1", 1, 1],
      ["db38", 1, 38],
    ] as const) {
      const { approximation, detail } = dwt(new Float64Array(length), daubechies(name));
      expect([approximation.length, detail.length]).toEqual([count, count]);
    }
  });

  it("refuses an empty signal, unequal halves and too few coefficients", () => {
    const bank = daubechies("db4");
    const zeros = (count: number): Float64Array => new Float64Array(count);
    expect(() => dwt(zeros(0), bank)).toThrow(RangeError);
    expect(() => idwt({ approximation: zeros(5), detail: zeros(6) }, bank)).toThrow(RangeError);
    expect(() => idwt({ approximation: zeros(3), detail: zeros(3) }, bank)).toThrow(RangeError);
    expect(idwt({ approximation: zeros(4), detail: zeros(4) }, bank).length).toBe(2);
  });
});

describe("wavedec and waverec", () => {
  it("reconstruct the signal for any wavelet, length and levels", () => {
    fc.assert(
      fc.property(banks, signals, fc.integer({ min: 0, max: 9 }), (bank, values, levels) => {
        const signal = Float64Array.from(values);
        const back = waverec(wavedec(signal, bank, levels), bank);
        expectClose(back.subarray(0, signal.length), signal);
        expect(back.length - signal.length).toBe(levels === 0 ? 0 : signal.length % 2);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it("is linear", () => {
    fc.assert(
      fc.property(banks, signals, fc.double({ min: -3, max: 3, noNaN: true }), (bank, values, factor) => {
        const a = Float64Array.from(values);
        const b = a.toReversed();
        const ofA = wavedec(a, bank, 3);
        const ofB = wavedec(b, bank, 3);
        const ofBoth = wavedec(
          a.map((value, i) => value + factor * b[i]),
          bank,
          3,
        );
        const combine = (x: Float64Array, y: Float64Array): Float64Array => x.map((value, i) => value + factor * y[i]);
        expectClose(ofBoth.approximation, combine(ofA.approximation, ofB.approximation));
        ofBoth.details.forEach((detail, level) => expectClose(detail, combine(ofA.details[level], ofB.details[level])));
      }),
      { seed: 3, numRuns: 50 },
    );
  });

  it("keeps the energy of a signal that is 0 near its edges (Parseval), for an orthonormal wavelet", () => {
    const bank = daubechies("db4");
    const signal = Float64Array.from({ length: 512 }, (_, i) => (i < 200 || i > 300 ? 0 : Math.sin(i * i)));
    const { approximation, details } = wavedec(signal, bank, 3);
    const energy = (values: Float64Array): number => values.reduce((total, value) => total + value ** 2, 0);
    const parts = details.reduce((total, detail) => total + energy(detail), energy(approximation));
    expect(Math.abs(parts - energy(signal))).toBeLessThan(TOLERANCE);
  });

  it("do not change their input, even with 0 levels", () => {
    const signal = Float64Array.of(1, 2, 3);
    const { approximation, details } = wavedec(signal, daubechies("db2"), 0);
    expect([...approximation]).toEqual([1, 2, 3]);
    expect(details).toEqual([]);
    approximation[0] = 9;
    expect([...signal]).toEqual([1, 2, 3]);
  });

  it("refuse levels that are no integer, and inconsistent lengths", () => {
    const bank = daubechies("db2");
    for (const levels of [-1, 1.5, Number.NaN, Infinity])
      expect(() => wavedec(Float64Array.of(1), bank, levels)).toThrow(RangeError);
    const details = [new Float64Array(9), new Float64Array(4)];
    expect(() => waverec({ approximation: new Float64Array(4), details }, bank)).toThrow(RangeError);
  });
});
