import { describe, expect, it } from "vitest";
import { randomStream } from "../random.ts";
import { hardThreshold, noiseLevel, softThreshold, universalThreshold } from "./threshold.ts";

describe("noiseLevel", () => {
  it("is median|cD1| / 0.6745, and does not change the details", () => {
    const detail = Float64Array.of(-3, 0.5, 1, -2);
    expect(noiseLevel(detail, new Float64Array(6))).toBe(1.5 / 0.6745);
    expect([...detail]).toEqual([-3, 0.5, 1, -2]);
  });

  it("estimates the standard deviation of normal noise, within five standard errors", () => {
    const random = randomStream(8, "noise");
    const n = 100_000;
    const detail = Float64Array.from({ length: n }, () => 0.02 * random.normal());
    // Standard error of a median: 1 / (2 f √n), with f = 0.6356, the density of |x| at its median, here over 0.6745.
    const standardError = 0.02 / (2 * 0.6356 * 0.6745 * Math.sqrt(n));
    expect(Math.abs(noiseLevel(detail, new Float64Array(n)) - 0.02)).toBeLessThan(5 * standardError);
  });

  it.each([Number.NaN, Infinity, -Infinity])("is NaN where a coefficient is %d", (value) => {
    expect(noiseLevel(Float64Array.of(1, value, 2), new Float64Array(3))).toBeNaN();
  });
});

it("universalThreshold is σ√(2 ln n)", () => {
  expect(universalThreshold(0.5, Math.exp(8))).toBeCloseTo(2, 14);
  expect(universalThreshold(0.5, 1)).toBe(0);
});

describe("softThreshold and hardThreshold", () => {
  it("shrink or keep values beyond the threshold, and count them", () => {
    const soft = Float64Array.of(-3, -1, 0, 0.5, 1, 2.5);
    expect(softThreshold(soft, 1)).toBe(2);
    expect([...soft]).toEqual([-2, 0, 0, 0, 0, 1.5]);
    const hard = Float64Array.of(-3, -1, 0, 0.5, 1, 2.5);
    expect(hardThreshold(hard, 1)).toBe(4);
    expect([...hard]).toEqual([-3, -1, 0, 0, 1, 2.5]);
  });

  it("change nothing with a threshold of 0", () => {
    for (const threshold of [softThreshold, hardThreshold]) {
      const values = Float64Array.of(-3, 0, 1e-300);
      expect(threshold(values, 0)).toBe(2);
      expect([...values]).toEqual([-3, 0, 1e-300]);
    }
  });
});
