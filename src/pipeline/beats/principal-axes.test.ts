import { describe, expect, it } from "vitest";
import { randomStream } from "../random.ts";
import { principalAxes } from "./principal-axes.ts";

const every = (rows: number): Uint32Array => Uint32Array.from({ length: rows }, (_, i) => i);

/** Axes × axes: the inner products. */
function products(axes: Float64Array, length: number): number[][] {
  const rows = Array.from({ length: axes.length / length }, (_, a) => axes.subarray(a * length, (a + 1) * length));
  return rows.map((a) => rows.map((b) => a.reduce((sum, value, i) => sum + value * b[i], 0)));
}

describe("principalAxes", () => {
  it("returns orthonormal axes, up to rounding", () => {
    const random = randomStream(1, "axes");
    const values = Float32Array.from({ length: 300 * 30 }, () => random.normal());
    const { axes } = principalAxes(values, 30, every(300), 8);
    products(axes, 30).forEach((row, a) =>
      row.forEach((product, b) => expect(product).toBeCloseTo(Number(a === b), 12)),
    );
  });

  it("finds the directions of most variance: 30, 10 and 3 times the noise in three coordinates", () => {
    const random = randomStream(2, "axes");
    const spread = [0.1, 30, 0.1, 10, 0.1, 3];
    const values = Float32Array.from({ length: 200 * 6 }, (_, i) => random.normal() * spread[i % 6]);
    const { axes } = principalAxes(values, 6, every(200), 3);
    [1, 3, 5].forEach((coordinate, a) => expect(Math.abs(axes[a * 6 + coordinate])).toBeGreaterThan(0.99));
  });

  it("returns zeros where the data have fewer directions", () => {
    const line = Float32Array.from({ length: 50 * 4 }, (_, i) => Math.floor(i / 4) * ((i % 4) + 1));
    const { axes } = principalAxes(line, 4, every(50), 3);
    const expected = [1, 2, 3, 4].map((value) => value / Math.sqrt(30));
    for (let i = 0; i < 4; i++) expect(Math.abs(axes[i])).toBeCloseTo(expected[i], 10);
    expect(axes.subarray(4).every((value) => value === 0)).toBe(true);
    expect(principalAxes(new Float32Array(4).fill(3), 4, every(1), 2).axes.every((value) => value === 0)).toBe(true);
  });
});
