import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { envelopeOf } from "./envelope.ts";

describe("envelopeOf", () => {
  it("holds the least and greatest sample of each column", () => {
    const { minima, maxima } = envelopeOf(Float32Array.of(1, -2, 3, 0, 5, 4), 3);
    expect([...minima]).toEqual([-2, 0, 4]);
    expect([...maxima]).toEqual([1, 3, 5]);
  });

  it("passes over missing samples, and says where there is nothing else", () => {
    const { minima, maxima } = envelopeOf(Float32Array.of(Number.NaN, 2, Number.NaN, Number.NaN), 2);
    expect([...minima]).toEqual([2, Number.NaN]);
    expect([...maxima]).toEqual([2, Number.NaN]);
  });

  it("gives the signal itself where there are as many columns as samples", () => {
    const signal = Float32Array.of(3, 1, 2);
    expect(envelopeOf(signal, 100)).toEqual({ minima: signal, maxima: signal });
  });

  it("misses no sample, whatever the numbers", () => {
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
