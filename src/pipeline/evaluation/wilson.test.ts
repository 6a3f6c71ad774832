import fc from "fast-check";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { wilsonInterval } from "./wilson.ts";

// Made by tests/golden/make-wilson.py with SciPy.
const golden = JSON.parse(readFileSync(new URL("../../../tests/golden/wilson.json", import.meta.url), "utf8")) as {
  cases: { hits: number; trials: number; low: number; high: number }[];
};

it.each(golden.cases)("equals SciPy: $hits of $trials", ({ hits, trials, low, high }) => {
  const interval = wilsonInterval(hits, trials)!;
  expect(interval.low).toBeCloseTo(low, 13);
  expect(interval.high).toBeCloseTo(high, 13);
});

it("is null without trials", () => {
  expect(wilsonInterval(0, 0)).toBeNull();
});

it("contains the share, stays within 0 and 1, and is symmetric in hits and misses", () => {
  const counts = fc.tuple(fc.nat(300_000), fc.nat(300_000)).filter(([hits, misses]) => hits + misses > 0);
  fc.assert(
    fc.property(counts, ([hits, misses]) => {
      const trials = hits + misses;
      const { low, high } = wilsonInterval(hits, trials)!;
      const mirrored = wilsonInterval(misses, trials)!;
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(hits / trials);
      expect(high).toBeGreaterThanOrEqual(hits / trials);
      expect(mirrored.low).toBeCloseTo(1 - high, 12);
    }),
  );
});
