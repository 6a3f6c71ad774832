import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream, shuffle } from "../random.ts";
import { medianInPlace } from "./median.ts";

function medianBySorting(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Returns values whose median of three is always the second smallest remaining one, so that each round removes only
 * two.
 */
function againstMedianOfThree(count: number): Float64Array {
  const places = Array.from({ length: count }, (_, i) => i);
  const values = new Float64Array(count);
  let next = 0;
  for (let left = 0; left + 2 < count; left += 2) {
    const smallest = places[left];
    const pivot = places[(left + count - 1) >> 1];
    values[smallest] = next++;
    values[pivot] = next++;
    // Repeats the partition's exchanges, position by position.
    for (const [from, isTaken] of [
      [left, (place: number) => place === smallest],
      [left + 1, (place: number) => place === pivot],
    ] as const) {
      let to = from;
      for (let i = from; i < count; i++) {
        [places[i], places[to]] = [places[to], places[i]];
        if (isTaken(places[to])) to++;
      }
    }
  }
  for (const place of places.slice(next)) values[place] = next++;
  return values;
}

describe("medianInPlace", () => {
  it("is the middle value, or the mean of the middle two", () => {
    expect(medianInPlace(Float64Array.of(5), 1)).toBe(5);
    expect(medianInPlace(Float64Array.of(5, 2), 2)).toBe(3.5);
    expect(medianInPlace(Float64Array.of(9, 1, 5), 3)).toBe(5);
    expect(medianInPlace(Float64Array.of(9, 1, 5, 2), 4)).toBe(3.5);
  });

  it("uses only the first values, and keeps them all", () => {
    const values = Float64Array.of(3, 1, 2, -100);
    expect(medianInPlace(values, 3)).toBe(2);
    expect(values.slice(0, 3).toSorted()).toEqual(Float64Array.of(1, 2, 3));
    expect(values[3]).toBe(-100);
  });

  it("equals the median by sorting, also with many equal values and infinities", () => {
    const few = fc.constantFrom(0, 1, 1, 2, 1e-300, Infinity);
    const value = fc.oneof(few, fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 120 }), (values) => {
        const expected = medianBySorting(Float64Array.from(values));
        expect(medianInPlace(Float64Array.from(values), values.length)).toBe(expected + 0);
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it.each([
    ["ascending", (i: number) => i],
    ["descending", (i: number) => -i],
    ["all equal", () => 1],
    ["up and down", (i: number, n: number) => Math.min(i, n - i)],
    ["two values", (i: number) => i % 2],
    ["saw", (i: number) => i % 1000],
  ])("is exact, and not slow, for 300,000 values in any order: %s", (_, value) => {
    const n = 300_000;
    const values = Float64Array.from({ length: n }, (_, i) => value(i, n));
    expect(medianInPlace(values.slice(), n)).toBe(medianBySorting(values));
  });

  it.each([50, 999, 1000, 2001])("falls back to sorting for %i values in an adversarial order", (count) => {
    const values = againstMedianOfThree(count);
    expect(values.toSorted()).toEqual(Float64Array.from({ length: count }, (_, i) => i));
    expect(medianInPlace(values, count)).toBe((count - 1) / 2);
  });

  it("does not depend on the order", () => {
    const random = randomStream(6, "median");
    const values = Float64Array.from({ length: 183 }, () => random.normal());
    const median = medianInPlace(values.slice(), 183);
    for (let i = 0; i < 50; i++) expect(medianInPlace(shuffle(values, random).slice(), 183)).toBe(median);
  });
});
