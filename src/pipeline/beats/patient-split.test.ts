import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  patientWeights,
  replayWeights,
  splitPatient,
  thinned,
  thinnedByClass,
  withNeighbours,
} from "./patient-split.ts";

describe("splitPatient", () => {
  it("trains on beats before the end of the minutes, and tests all later ones", () => {
    const beats = { samples: [100, 200, 300, 400], classes: [0, -1, 1, 0] };
    expect(splitPatient(beats, 300)).toEqual({ train: Uint32Array.of(0), test: Uint32Array.of(2, 3) });
  });

  it("never has a beat in both sets, nor one without a class", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1, max: 4 }), { maxLength: 200 }),
        fc.option(fc.nat(2000)),
        (classes, end) => {
          const { train, test } = splitPatient({ samples: classes.map((_, i) => 10 * i), classes }, end);
          const all = [...train, ...test].sort((a, b) => a - b);
          expect(all).toEqual(classes.flatMap((number, row) => (number === -1 ? [] : [row])));
          if (end !== null) for (const row of train) expect(10 * row).toBeLessThan(end);
        },
      ),
      { seed: 19 },
    );
  });

  it("tests every fifth beat, class by class, without minutes", () => {
    const classes = [...Array.from({ length: 10 }, () => 0), ...Array.from({ length: 5 }, () => 1)];
    const { test } = splitPatient({ samples: classes.map((_, i) => i), classes }, null);
    expect([...test]).toEqual([4, 9, 14]);
  });
});

describe("replay", () => {
  it("takes rows evenly", () => {
    expect([...thinned(Uint32Array.of(0, 1, 2, 3, 4, 5), 2)]).toEqual([1, 4]);
    expect([...thinned(Uint32Array.of(3, 4), 5)]).toEqual([3, 4]);
  });

  it("weighs each class as in the training of the run, whatever the number of its replayed beats", () => {
    // 8 beats of class 0 and 2 of class 1, of twice the weight; 2 of each are replayed.
    const classes = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1];
    const weightOf = (row: number): number => (classes[row] === 1 ? 2 : 1);
    const all = Uint32Array.from(classes, (_, row) => row);
    const train = thinnedByClass(all, classes, 2);
    const weights = replayWeights({ all, train }, classes, weightOf);
    expect(weights).toHaveLength(4);
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(4);
    // Their weights in the training of the run are 8 and 4.
    expect((weights[0] + weights[1]) / (weights[2] + weights[3])).toBeCloseTo(2);
    expect(replayWeights({ all, train: all }, classes, () => 0)).toEqual(classes.map(() => 1));
  });

  it("takes some of each class", () => {
    expect([...thinnedByClass(Uint32Array.of(0, 1, 2, 3), [0, 0, 0, 1], 1)]).toEqual([1, 3]);
  });

  it("keeps the neighbours of a beat in its recording", () => {
    const records = Uint32Array.of(0, 0, 0, 0, 1, 1, 1);
    expect(withNeighbours([1, 4], records, { before: 1, after: 1 })).toEqual([
      { record: 0, from: 0, to: 3 },
      { record: 1, from: 4, to: 6 },
    ]);
  });
});

describe("patientWeights", () => {
  it("gives rare classes more, in the mean 1, and one class nothing", () => {
    const weights = patientWeights([0, 0, 0, 1, 2], 2);
    expect(weights[4]).toBe(0);
    expect(weights[3] / weights[0]).toBeCloseTo(3 ** 0.3, 12);
    expect(weights.reduce((a, b) => a + b) / 5).toBeCloseTo(1, 12);
  });
});
