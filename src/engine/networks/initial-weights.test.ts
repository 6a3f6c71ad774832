import { describe, expect, it } from "vitest";
import { initialWeights, type WeightSpec } from "./initial-weights.ts";

const dense: WeightSpec = { role: "kernel", ofLstm: false, shape: [360, 256] };
const convolution: WeightSpec = { role: "kernel", ofLstm: false, shape: [5, 64, 128] };
const recurrent: WeightSpec = { role: "recurrent_kernel", ofLstm: true, shape: [64, 256] };

const draw = (spec: WeightSpec, seed = 42): Float32Array => initialWeights([spec], seed)[0];

describe("kernels (Glorot uniform)", () => {
  // √(6 / (fan in + fan out)); each of the 5 taps of a convolution counts as an input and an output.
  it.each([
    { name: "dense", spec: dense, limit: Math.sqrt(6 / (360 + 256)) },
    { name: "convolution", spec: convolution, limit: Math.sqrt(6 / (5 * 64 + 5 * 128)) },
    { name: "LSTM", spec: { role: "kernel", ofLstm: true, shape: [64, 512] }, limit: Math.sqrt(6 / (64 + 512)) },
  ])("$name: within the limit, mean 0, variance limit²/3, within five standard errors", ({ spec, limit }) => {
    const values = draw(spec);
    const n = values.length;
    expect(n).toBe(spec.shape.reduce((a, b) => a * b));
    const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    // The limit itself is rounded to float32.
    expect(largest).toBeLessThanOrEqual(Math.fround(limit));
    expect(largest).toBeGreaterThan(0.999 * limit);
    const mean = values.reduce((a, b) => a + b, 0) / n;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
    expect(Math.abs(mean)).toBeLessThan(5 * (limit / Math.sqrt(3 * n)));
    // The square of a uniform variable in ±l has variance 4l⁴/45.
    expect(Math.abs(variance - limit ** 2 / 3)).toBeLessThan(5 * limit ** 2 * Math.sqrt(4 / 45 / n));
  });
});

describe("recurrent kernels (orthogonal)", () => {
  it.each([
    { rows: 64, columns: 256, why: "wide: the rows are orthonormal" },
    { rows: 256, columns: 64, why: "tall: the columns are" },
    { rows: 32, columns: 32, why: "square: both are" },
  ])("$rows × $columns, $why", ({ rows, columns }) => {
    const kernel = draw({ role: "recurrent_kernel", ofLstm: true, shape: [rows, columns] });
    const check = (vectors: number, length: number, at: (vector: number, i: number) => number): void => {
      for (let a = 0; a < vectors; a++) {
        for (let b = a; b < vectors; b++) {
          let product = 0;
          for (let i = 0; i < length; i++) product += at(a, i) * at(b, i);
          // Exact in float64; rounding to float32 changes each entry by at most 2⁻²⁵ of its size.
          expect(Math.abs(product - (a === b ? 1 : 0))).toBeLessThan(1e-6);
        }
      }
    };
    if (rows <= columns) check(rows, columns, (row, i) => kernel[row * columns + i]);
    if (rows >= columns) check(columns, rows, (column, i) => kernel[i * columns + column]);
  });
});

describe("all other weights", () => {
  it("are 0, or 1 for a forget gate, a scale and a variance", () => {
    const weights = initialWeights(
      [
        { role: "bias", ofLstm: false, shape: [4] },
        { role: "bias", ofLstm: true, shape: [8] },
        { role: "gamma", ofLstm: false, shape: [2] },
        { role: "beta", ofLstm: false, shape: [2] },
        { role: "moving_mean", ofLstm: false, shape: [2] },
        { role: "moving_variance", ofLstm: false, shape: [2] },
      ],
      42,
    );
    // The gates of an LSTM of 2 units: input, forget, cell, output.
    expect(weights.map((w) => [...w])).toEqual([
      [0, 0, 0, 0],
      [0, 0, 1, 1, 0, 0, 0, 0],
      [1, 1],
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
  });

  it("are refused for an unknown role", () => {
    expect(() => draw({ role: "depthwise_kernel", ofLstm: false, shape: [1] })).toThrow("depthwise_kernel");
  });
});

describe("the seed", () => {
  it("gives the same weights for the same seed, and others for another", () => {
    for (const spec of [dense, recurrent]) {
      expect(draw(spec, 7)).toEqual(draw(spec, 7));
      expect(draw(spec, 7)).not.toEqual(draw(spec, 8));
    }
  });

  it("gives each weight different numbers, independent of the other weights", () => {
    const [first, second, third] = initialWeights([dense, dense, dense], 42);
    expect(first).not.toEqual(second);
    expect(initialWeights([recurrent, dense], 42)[1]).toEqual(second);
    expect(initialWeights([recurrent, convolution, dense, recurrent], 42)[2]).toEqual(third);
  });

  it("gives the stored reference values", () => {
    // Printed by `initialWeights([dense, recurrent], 42)`: a stored run is repeated from its seed, so these must not
    // change.
    const [kernel, recurrentKernel] = initialWeights([dense, recurrent], 42);
    expect([...kernel.subarray(0, 3)]).toEqual([0.05701126530766487, -0.029623642563819885, 0.041428472846746445]);
    // Through Math.log, whose last bit may differ between machines: after the rounding to float32 no more than its last
    // bit.
    [0.020749690011143684, 0.05404064431786537, 0.10967667400836945].forEach((value, i) =>
      expect(recurrentKernel[i]).toBeCloseTo(value, 8),
    );
  });
});
