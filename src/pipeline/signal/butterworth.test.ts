import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { butterworthBandPass, filterBothWays, filterForwards } from "./butterworth.ts";

/** Made by `tests/golden/make-recipe.py`. */
const { filter: golden } = JSON.parse(
  readFileSync(new URL("../../../tests/golden/recipe.json", import.meta.url), "utf8"),
) as { filter: { input: number[]; bothWays: number[]; forwards: number[] } };

describe("the Butterworth band-pass", () => {
  const filter = butterworthBandPass(2, [0.5, 40], 360);
  const input = Float64Array.from(golden.input);

  it("filters forwards and backwards as SciPy's sosfiltfilt", () => {
    filterBothWays(filter, input).forEach((value, i) => expect(value).toBeCloseTo(golden.bothWays[i], 9));
  });

  it("filters forwards as SciPy's sosfilt", () => {
    filterForwards(filter, input).forEach((value, i) => expect(value).toBeCloseTo(golden.forwards[i], 9));
  });

  it("gives 0 for a constant signal, from the first sample on", () => {
    expect(Math.max(...filterBothWays(filter, new Float64Array(50).fill(3)).map(Math.abs))).toBeLessThan(1e-9);
  });

  it("refuses a band above half the rate, an odd order, and a signal shorter than its reflection", () => {
    expect(() => butterworthBandPass(2, [0.5, 40], 80)).toThrow("half of 80 Hz");
    expect(() => butterworthBandPass(3, [0.5, 40], 360)).toThrow("odd");
    expect(() => filterBothWays(filter, new Float64Array(15))).toThrow("more than 15 samples");
  });
});
