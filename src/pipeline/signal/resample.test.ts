import { describe, expect, it } from "vitest";
import { ratioOfRates, resample, resampledLength, resampledPosition } from "./resample.ts";

describe("ratioOfRates", () => {
  it("is in lowest terms", () => {
    expect(ratioOfRates(360, 128)).toEqual({ up: 16, down: 45 });
    expect(ratioOfRates(128, 360)).toEqual({ up: 45, down: 16 });
    expect(ratioOfRates(250, 250)).toEqual({ up: 1, down: 1 });
    expect(ratioOfRates(62.5, 250)).toEqual({ up: 4, down: 1 });
  });

  it("approximates rates whose terms are large", () => {
    const { up, down } = ratioOfRates(999.56, 360);
    expect(Math.max(up, down)).toBeLessThanOrEqual(4096);
    expect(Math.abs(up / down / (360 / 999.56) - 1)).toBeLessThan(1e-4);
  });

  it("refuses rates that are not above 0, or too far apart", () => {
    for (const [from, to] of [
      [0, 360],
      [360, Number.NaN],
      [1e6, 1],
    ]) {
      expect(() => ratioOfRates(from, to)).toThrow(RangeError);
    }
  });
});

describe("resample", () => {
  it("returns the signal itself for equal rates, and ⌈n · up / down⌉ samples else", () => {
    expect([...resample([1, 2, 3], { up: 1, down: 1 })]).toEqual([1, 2, 3]);
    expect(resample([1, 2, 3, 4], { up: 1, down: 3 })).toHaveLength(2);
    expect(resampledLength(1000, { up: 16, down: 45 })).toBe(356);
    expect(resample([], { up: 2, down: 1 })).toHaveLength(0);
  });

  it("keeps a constant, away from the ends", () => {
    const values = resample(new Float64Array(500).fill(2), { up: 16, down: 45 });
    for (const value of values.subarray(30, -30)) expect(Math.abs(value - 2)).toBeLessThan(0.005);
  });
});

it("positions are rounded to the nearest sample", () => {
  expect([0, 720, 721].map((sample) => resampledPosition(sample, { up: 16, down: 45 }))).toEqual([0, 256, 256]);
});
