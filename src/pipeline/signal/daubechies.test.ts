import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EctopyError } from "../../contract/domain/errors.ts";
import { daubechies } from "./daubechies.ts";

// Made by tests/golden/make-pywavelets.py.
const golden = JSON.parse(readFileSync(new URL("../../../tests/golden/pywavelets.json", import.meta.url), "utf8")) as {
  filters: Record<string, [number[], number[], number[], number[]]>;
};
const orders = Array.from({ length: 38 }, (_, i) => i + 1);
const sum = (values: Float64Array): number => values.reduce((a, b) => a + b);

describe("daubechies", () => {
  it.each(Object.entries(golden.filters))("equals PyWavelets' four filters of %s, to the last bit", (name, filters) => {
    const bank = daubechies(name);
    const { decompositionLow, decompositionHigh, reconstructionLow, reconstructionHigh } = bank;
    const ours = [decompositionLow, decompositionHigh, reconstructionLow, reconstructionHigh];
    expect(ours.map((filter) => [...filter])).toEqual(filters);
    expect(bank.taps).toBe(filters[0].length);
  });

  it("is orthonormal to its even shifts for every order, up to rounding", () => {
    for (const order of orders) {
      const { taps, reconstructionLow: low, reconstructionHigh: high } = daubechies(`db${order}`);
      expect(taps).toBe(2 * order);
      for (let shift = 0; shift < taps; shift += 2) {
        const product = (a: Float64Array, b: Float64Array): number =>
          a.subarray(shift).reduce((total, value, i) => total + value * b[i], 0);
        expect(Math.abs(product(low, low) - Number(shift === 0))).toBeLessThan(1e-15);
        expect(Math.abs(product(high, high) - Number(shift === 0))).toBeLessThan(1e-15);
        expect(Math.abs(product(low, high))).toBeLessThan(1e-15);
      }
    }
  });

  it("passes a constant through the low-pass filter only: sums of √2 and 0", () => {
    for (const order of orders) {
      const { decompositionLow, decompositionHigh } = daubechies(`db${order}`);
      expect(sum(decompositionLow)).toBeCloseTo(Math.SQRT2, 11);
      expect(sum(decompositionHigh)).toBeCloseTo(0, 11);
    }
  });

  it("does not respond to a parabola from db3 on: three vanishing moments", () => {
    for (const order of orders.slice(2)) {
      const { taps, decompositionHigh } = daubechies(`db${order}`);
      for (const power of [1, 2]) {
        const moment = sum(decompositionHigh.map((coefficient, tap) => coefficient * (tap / taps) ** power));
        expect(moment).toBeCloseTo(0, 11);
      }
    }
  });

  it.each(["db0", "db39", "db04", "db", "sym4", "db4 ", "", "db1.5"])(
    "names a wavelet it does not have: %j",
    (name) => {
      expect(() => daubechies(name)).toThrow(EctopyError);
      expect(() => daubechies(name)).toThrow(`"${name}"`);
    },
  );
});
