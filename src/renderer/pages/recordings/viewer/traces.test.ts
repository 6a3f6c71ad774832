import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawTrace, laneMiddle, type Stretch, type TraceScale } from "./traces.ts";

/** One pixel per sample and per unit, 0 at y 0. */
const scale: TraceScale = {
  origin: 0,
  pixelsPerSample: 1,
  zero: 0,
  pixelsPerUnit: 1,
  left: 0,
  right: 1000,
  pixel: 1,
  thickness: 0,
};

function drawn(
  stretches: Stretch[],
  changes: Partial<TraceScale> = {},
): { lines: [number, number][][]; bars: number[][]; points: number } {
  const lines: [number, number][][] = [];
  const bars: number[][] = [];
  const pen = {
    fillRect: (...bar: number[]) => void bars.push(bar),
    moveTo: (x: number, y: number) => void lines.push([[x, y]]),
    lineTo: (x: number, y: number) => void lines.at(-1)!.push([x, y]),
  };
  return { points: drawTrace(pen, stretches, { ...scale, ...changes }), lines, bars };
}

const signal = (from: number, ...values: number[]): Stretch => {
  const samples = Float32Array.from(values);
  return { from, step: 1, minima: samples, maxima: samples };
};

describe("a trace", () => {
  it("goes through every sample where pixels allow it, across two ranges", () => {
    const { lines } = drawn([signal(0, 1, 2), signal(2, 3, -4)], { pixelsPerSample: 5, zero: 10, pixelsPerUnit: 2 });
    expect(lines).toEqual([
      [
        [0, 8],
        [5, 6],
        [10, 4],
        [15, 18],
      ],
    ]);
  });

  it("leaves a gap where samples are missing", () => {
    expect(drawn([signal(0, 1, Number.NaN, Number.NaN, 2, 3)]).lines).toEqual([
      [[0, -1]],
      [
        [3, -2],
        [4, -3],
      ],
    ]);
  });

  it("goes from minimum to maximum within a pixel of several samples, by the shorter way", () => {
    const { lines } = drawn([signal(0, 0, 5, 1, -2, 4, 6, 7, 8)], { pixelsPerSample: 0.25 });
    expect(lines).toEqual([
      [
        [0.375, -5],
        [0.375, 2],
        [1.375, -4],
        [1.375, -8],
      ],
    ]);
  });

  it("draws an envelope as bars that touch the previous bar, with gaps", () => {
    const minima = Float32Array.of(-1, 2, -5, Number.NaN, 0);
    const maxima = Float32Array.of(1, 3, -4, Number.NaN, 1);
    const { bars, lines } = drawn([{ from: 0, step: 4, minima, maxima }], { pixelsPerSample: 0.25, thickness: 1 });
    expect(lines).toEqual([]);
    expect(bars).toEqual([
      [-0.125, -1.5, 1, 3],
      // Up from 1, where the previous bar ends.
      [0.875, -3.5, 1, 3],
      // Down from 2.
      [1.875, -2.5, 1, 8],
      [3.875, -1.5, 1, 2],
    ]);
  });

  it("draws only what is in view", () => {
    const long = signal(0, ...Array.from({ length: 8192 }, (_, i) => Math.sin(i)));
    const { lines, points } = drawn([long], { origin: -4000, right: 100 });
    expect(points).toBeLessThan(110);
    expect(lines[0][0][0]).toBeLessThanOrEqual(0);
    expect(lines[0].at(-1)![0]).toBeGreaterThanOrEqual(100);
  });

  it("covers the range of its samples, with at most two points per pixel", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 2000 }),
        fc.double({ min: 0.01, max: 3 }),
        (values, pixelsPerSample) => {
          fc.pre(!Number.isNaN(pixelsPerSample));
          const stretch = signal(0, ...values);
          const { lines, points } = drawn([stretch], { pixelsPerSample, right: 10_000 });
          const ys = lines.flat().map(([, y]) => -y);
          // Only the sign of zero is normalised.
          expect(Math.min(...ys)).toBeCloseTo(Math.min(...stretch.minima), 12);
          expect(Math.max(...ys)).toBeCloseTo(Math.max(...stretch.maxima), 12);
          // A group is more than half a pixel wide.
          if (pixelsPerSample < 1) expect(points).toBeLessThanOrEqual(4 * values.length * pixelsPerSample + 2);
        },
      ),
    );
  });
});

describe("the middle of a lane", () => {
  it("is the middle of most values, on a coarse line of the paper", () => {
    const minima = Float32Array.from({ length: 200 }, (_, i) => (i === 7 ? -40 : -0.8));
    const maxima = Float32Array.from({ length: 200 }, () => 1.7);
    expect(laneMiddle(minima, maxima)).toBe(0.5);
    expect(laneMiddle(new Float32Array(3).fill(Number.NaN), new Float32Array(3).fill(Number.NaN))).toBe(0);
  });
});
