import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { envelopeOf } from "./envelope.ts";

describe("envelopeOf", () => {
  it("has minimum and maximum of each column", () => {
    const { minima, maxima } = envelopeOf(Float32Array.of(1, -2, 3, 0, 5, 4), 3);
    expect([...minima]).toEqual([-2, 0, 4]);
    expect([...maxima]).toEqual([1, 3, 5]);
  });

  it("ignores missing samples, and is NaN for a column of them", () => {
    const { minima, maxima } = envelopeOf(Float32Array.of(Number.NaN, 2, Number.NaN, Number.NaN), 2);
    expect([...minima]).toEqual([2, Number.NaN]);
    expect([...maxima]).toEqual([2, Number.NaN]);
  });

  it("ignores samples of a given missing value", () => {
    const { minima, maxima } = envelopeOf(Int16Array.of(-32768, 2, -32768, -32768, 7, -5), 3, -32768);
    expect([...minima]).toEqual([2, Number.NaN, -5]);
    expect([...maxima]).toEqual([2, Number.NaN, 7]);
  });

  it("equals the signal with as many columns as samples", () => {
    const signal = Float32Array.of(3, 1, 2);
    expect(envelopeOf(signal, 100)).toEqual({ minima: signal, maxima: signal });
  });

  it("includes every sample, for any numbers of samples and columns", () => {
    fc.assert(
      fc.property(
        fc.float32Array({ noNaN: true, minLength: 1 }),
        fc.integer({ min: 1, max: 50 }),
        (signal, columns) => {
          const { minima, maxima } = envelopeOf(signal, columns);
          expect(minima.length).toBe(Math.min(columns, signal.length));
          expect(Math.min(...minima)).toBe(Math.min(...signal));
          expect(Math.max(...maxima)).toBe(Math.max(...signal));
        },
      ),
    );
  });
});
