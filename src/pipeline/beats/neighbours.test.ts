import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../random.ts";
import { planNeighbours } from "./neighbour-plan.ts";
import { findNeighbours } from "./neighbours.ts";

const every = (rows: number): Uint32Array => Uint32Array.from({ length: rows }, (_, i) => i);

/** Returns the expected neighbours by comparing all pairs. */
function bruteForce(values: Float32Array, length: number, members: Uint32Array, k: number): number[] {
  return [...members].flatMap((a, self) =>
    [...members]
      .map((b, member) => {
        let even = 0;
        let odd = 0;
        for (let i = 0; i < length; i++) {
          const square = (values[a * length + i] - values[b * length + i]) ** 2;
          // The same order of additions as in the search, so that equal distances have equal bits.
          if (i % 2 === 0) even += square;
          else odd += square;
        }
        return { member, squared: even + odd };
      })
      .filter(({ member }) => member !== self)
      .sort((x, y) => x.squared - y.squared || x.member - y.member)
      .slice(0, k)
      .map(({ member }) => member),
  );
}

function expectExact(values: Float32Array, length: number, members: Uint32Array, k: number): void {
  const found = findNeighbours(planNeighbours(values, length, members), 0, members.length, k);
  expect([...found]).toEqual(bruteForce(values, length, members, k));
}

describe("findNeighbours", () => {
  it("equals scikit-learn's NearestNeighbors", () => {
    // Made by tests/golden/make-neighbours.py.
    const golden = JSON.parse(
      readFileSync(new URL("../../../tests/golden/neighbours.json", import.meta.url), "utf8"),
    ) as {
      cases: { length: number; k: number; values: number[]; neighbours: number[] }[];
    };
    for (const { length, k, values, neighbours } of golden.cases) {
      const rows = values.length / length;
      const plan = planNeighbours(Float32Array.from(values), length, every(rows));
      expect([...findNeighbours(plan, 0, rows, k)]).toEqual(neighbours);
    }
  });

  it("is exact on small data of few values, with equal distances and equal beats", () => {
    const data = fc.integer({ min: 1, max: 7 }).chain((length) =>
      fc.tuple(
        fc.constant(length),
        fc.array(fc.array(fc.constantFrom(-1, 0, 0, 1, 0.1, 1e-3, 1e6), { minLength: length, maxLength: length }), {
          minLength: 2,
          maxLength: 90,
        }),
        fc.integer({ min: 1, max: 7 }),
      ),
    );
    fc.assert(
      fc.property(data, ([length, rows, k]) => {
        expectExact(Float32Array.from(rows.flat()), length, every(rows.length), Math.min(k, rows.length - 1));
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it("is exact over the whole range of float32, including subnormal and huge values", () => {
    const value = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { minLength: 2, maxLength: 70 }), (rows) => {
        expectExact(Float32Array.from(rows.flat()), 3, every(rows.length), 1);
      }),
      { seed: 12, numRuns: 60 },
    );
  });

  it.each([
    ["random, where nothing can be excluded", (): number => 1, 0],
    ["in a few directions, with noise", (i: number): number => (i % 60 < 4 ? 10 : 0.01), 0],
    ["in close clusters far from the centre", (): number => 1e-4, 1000],
  ])("is exact on 400 beats of 60 samples: %s", (_name, spread, offset) => {
    const random = randomStream(13, "data");
    const values = Float32Array.from(
      { length: 400 * 60 },
      (_, i) => offset * ((Math.floor(i / 60) % 3) - 1) + spread(i) * random.normal(),
    );
    expectExact(values, 60, every(400), 5);
  });

  it("includes a second beat with the same samples, the first member first", () => {
    const values = new Float32Array(100 * 5).fill(0.7);
    const found = findNeighbours(planNeighbours(values, 5, every(100)), 0, 100, 3);
    expect([...found.subarray(0, 3)]).toEqual([1, 2, 3]);
    expect([...found.subarray(99 * 3)]).toEqual([0, 1, 2]);
    expect([...findNeighbours(planNeighbours(values, 5, every(2)), 0, 2, 1)]).toEqual([1, 0]);
  });

  it("searches among the members only, and numbers them from 0", () => {
    const random = randomStream(14, "data");
    const values = Float32Array.from({ length: 50 * 8 }, () => random.normal());
    expectExact(values, 8, Uint32Array.of(3, 49, 7, 20, 21, 0, 33), 4);
  });

  it("gives the same result for ranges as for all members", () => {
    const random = randomStream(15, "data");
    const values = Float32Array.from({ length: 130 * 8 }, () => Math.round(random.normal()));
    const plan = planNeighbours(values, 8, every(130));
    const ranges = [0, 1, 50, 50, 97, 130];
    const pieces = ranges.slice(1).flatMap((to, i) => [...findNeighbours(plan, ranges[i], to, 5)]);
    expect(pieces).toEqual([...findNeighbours(plan, 0, 130, 5)]);
  });

  it("refuses invalid k, ranges and values", () => {
    const plan = planNeighbours(Float32Array.of(1, 2, 3), 1, every(3));
    expect(() => findNeighbours(plan, 0, 3, 3)).toThrow(RangeError);
    expect(() => findNeighbours(plan, 0, 3, 0)).toThrow(RangeError);
    expect(() => findNeighbours(plan, 0, 4, 1)).toThrow(RangeError);
    expect(() => planNeighbours(Float32Array.of(1, Number.NaN), 1, every(2))).toThrow("row 0 has");
    expect(() => planNeighbours(Float32Array.of(1), 1, every(0))).toThrow("no members");
  });
});
