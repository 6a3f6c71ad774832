import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomStream } from "../random.ts";
import { patientSplit, proportionalDraws, splitSizes, stratifiedSplit } from "./splits.ts";

// Made by tests/golden/make-smote.py with scikit-learn's train_test_split, called twice.
const golden = JSON.parse(readFileSync(new URL("../../../tests/golden/smote.json", import.meta.url), "utf8")) as {
  splits: { counts: number[]; parts: number[][] }[];
  totalSizes: [number, number, number, number][];
};
const fractions = [0.6, 0.2, 0.2] as const;
const labelsOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `c${i}`);

/** Counts items by set and class. */
function tally(split: Uint8Array, classes: Uint8Array, labels: number): number[][] {
  const counts = [0, 1, 2].map(() => Array<number>(labels).fill(0));
  split.forEach((set, item) => counts[set][classes[item]]++);
  return counts;
}

describe("splitSizes", () => {
  it("equals scikit-learn's sizes, including the study's 615,085 / 205,029 / 205,029", () => {
    expect(splitSizes(1_025_143, fractions)).toEqual([615_085, 205_029, 205_029]);
    for (const [n, ...sizes] of golden.totalSizes) expect(splitSizes(n, fractions)).toEqual(sizes);
  });

  it("assigns every item, however few there are", () => {
    const share = fc.double({ min: 0.01, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(fc.nat(300), share, share, (n, a, b) => {
        const sizes = splitSizes(n, [1 - a * 0.5 - b * 0.5, a * 0.5, b * 0.5]);
        expect(sizes.reduce((x, y) => x + y)).toBe(n);
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(0);
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});

describe("proportionalDraws", () => {
  it("adds one to the largest remainders: 5 of 3, 3, 4 is 1.5, 1.5, 2 → 2, 1, 2", () => {
    expect([...proportionalDraws([3, 3, 4], 5)]).toEqual([2, 1, 2]);
  });

  it("distributes exactly the number of draws, and never more than a class has", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }),
        fc.double({ min: 0, max: 1 }),
        (counts, f) => {
          const total = counts.reduce((a, b) => a + b);
          const draws = Number.isNaN(f) ? total : Math.floor(f * total);
          const result = proportionalDraws(counts, draws);
          expect(result.reduce((a, b) => a + b)).toBe(draws);
          result.forEach((drawn, i) => expect(drawn).toBeLessThanOrEqual(counts[i]));
        },
      ),
      { seed: 5, numRuns: 200 },
    );
  });
});

describe("stratifiedSplit", () => {
  it("has as many items of each class in each set as scikit-learn", () => {
    for (const { counts, parts } of golden.splits) {
      const classes = Uint8Array.from(counts.flatMap((count, number) => Array<number>(count).fill(number)));
      const split = stratifiedSplit(classes, labelsOf(counts.length), fractions, 1);
      expect(tally(split, classes, counts.length)).toEqual(parts);
    }
  });

  it("assigns every item, including classes of one beat", () => {
    fc.assert(
      fc.property(fc.uint8Array({ min: 0, max: 6, maxLength: 200 }), fc.nat(), (classes, seed) => {
        const split = stratifiedSplit(classes, labelsOf(7), fractions, seed);
        const sizes = tally(split, classes, 7).map((set) => set.reduce((a, b) => a + b));
        expect(sizes).toEqual(splitSizes(classes.length, fractions));
      }),
      { seed: 6, numRuns: 100 },
    );
  });

  it("is the same for the same seed, and differs for another seed", () => {
    const classes = new Uint8Array(200).map((_, i) => i % 3);
    const split = (seed: number): Uint8Array => stratifiedSplit(classes, labelsOf(3), fractions, seed);
    expect(split(1)).toEqual(split(1));
    expect(split(1)).not.toEqual(split(2));
  });

  it("is uniform: each of 10 items is in the test set (2 of 10) equally often, within five standard errors", () => {
    const n = 5000;
    const inTest = new Uint32Array(10);
    for (let seed = 0; seed < n; seed++) {
      stratifiedSplit(new Uint8Array(10), ["N"], fractions, seed).forEach(
        (set, item) => (inTest[item] += Number(set === 2)),
      );
    }
    for (const count of inTest) expect(Math.abs(count - 0.2 * n)).toBeLessThan(5 * Math.sqrt(0.2 * 0.8 * n));
  });
});

describe("patientSplit", () => {
  it("assigns a patient to every set, and is the same for the same seed", () => {
    const random = randomStream(8, "counts");
    for (const patients of [3, 4, 10, 44]) {
      const counts = Uint32Array.from({ length: patients * 4 }, () => random.below(50));
      const split = patientSplit(counts, 4, fractions, 5);
      expect(split).toHaveLength(patients);
      expect(new Set(split)).toEqual(new Set([0, 1, 2]));
      expect(patientSplit(counts, 4, fractions, 5)).toEqual(split);
    }
  });

  it("matches the fractions of equal patients: 6, 2 and 2 of 10", () => {
    const split = patientSplit(new Uint32Array(10).fill(7), 1, fractions, 1);
    expect([0, 1, 2].map((set) => split.filter((p) => p === set).length)).toEqual([6, 2, 2]);
  });

  it("keeps a class of two patients in both sets, though another split is closer to the fractions", () => {
    // Class 1 only in patients 0 and 1; 20 others have class 0 alone.
    const counts = new Uint32Array(22 * 2);
    for (let patient = 0; patient < 22; patient++) counts[patient * 2] = patient < 2 ? 1 : 100;
    counts[1] = 1000;
    counts[3] = 1;
    const split = patientSplit(counts, 2, [0.75, 0.25], 3);
    expect(split[0]).not.toBe(split[1]);
    expect(split[0]).toBe(0);
  });

  it("refuses fewer patients than sets", () => {
    expect(() => patientSplit(new Uint32Array(2), 1, fractions, 1)).toThrow(
      "The beats of 2 patients cannot be divided into 3 sets.",
    );
  });
});
