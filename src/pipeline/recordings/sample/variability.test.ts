import { describe, expect, it } from "vitest";
import { randomStream } from "../../random.ts";
import { heartRateVariability } from "./variability.ts";

describe("heartRateVariability", () => {
  const settings = { deviation: 0.05, lowToHigh: 0.5, breathing: 0.25 };
  const step = 0.5;
  const values = ((): number[] => {
    const variation = heartRateVariability(settings, randomStream(1, "variability"));
    return Array.from({ length: 8000 }, (_, i) => variation(i * step));
  })();

  it("has mean 0 and the given standard deviation over many periods", () => {
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.001);
    // 4000 s of bands 0.01 Hz wide have about 80 independent periods: the variance has a random error of about a tenth.
    expect(Math.sqrt(variance)).toBeGreaterThan(0.045);
    expect(Math.sqrt(variance)).toBeLessThan(0.055);
  });

  it("has half as much power near 0.1 Hz as at the breathing rate, and none between", () => {
    const power = (low: number, high: number): number => {
      let sum = 0;
      for (let f = low; f < high; f += 1 / (values.length * step)) {
        let re = 0;
        let im = 0;
        for (const [i, value] of values.entries()) {
          re += value * Math.cos(2 * Math.PI * f * i * step);
          im += value * Math.sin(2 * Math.PI * f * i * step);
        }
        sum += re * re + im * im;
      }
      return sum;
    };
    const [slow, between, breath] = [power(0.08, 0.12), power(0.15, 0.19), power(0.23, 0.27)];
    // About forty independent periods per band: the ratio has a random error of about a quarter.
    expect(slow / breath).toBeGreaterThan(0.35);
    expect(slow / breath).toBeLessThan(0.65);
    expect(between / breath).toBeLessThan(0.01);
  });
});
