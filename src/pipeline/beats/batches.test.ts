import { describe, expect, it } from "vitest";
import { epochOrder, fillBatch, type ExampleSource } from "./batches.ts";

const source: ExampleSource = {
  values: Float32Array.of(1, 2, 3, 4, 5, 6),
  length: 2,
  realCount: 3,
  classes: Uint8Array.of(0, 1, 1, 1),
  recipe: { base: Uint32Array.of(1), neighbour: Uint32Array.of(2), lambda: Float32Array.of(0.5) },
};

describe("fillBatch", () => {
  it("copies real beats and computes synthetic ones", () => {
    const values = new Float32Array(6);
    const classes = new Int32Array(3);
    fillBatch(source, Uint32Array.of(2, 3, 0), values, classes);
    expect([...values]).toEqual([5, 6, 4, 5, 1, 2]);
    expect([...classes]).toEqual([1, 1, 0]);
  });

  it("keeps the rest of longer outputs: the last batch may be short", () => {
    const values = new Float32Array(4).fill(-1);
    const classes = new Float32Array(2).fill(-1);
    fillBatch(source, Uint32Array.of(0), values, classes);
    expect([...values, ...classes]).toEqual([1, 2, -1, -1, 0, -1]);
  });
});

describe("epochOrder", () => {
  const set = Uint32Array.from({ length: 100 }, (_, i) => 3 * i);

  it("has every example of the set once, and does not change the set", () => {
    const before = set.slice();
    expect(epochOrder(set, 1, 1).toSorted()).toEqual(set);
    expect(set).toEqual(before);
  });

  it("is the same for the same seed and epoch, and differs for others", () => {
    expect(epochOrder(set, 1, 2)).toEqual(epochOrder(set, 1, 2));
    expect(epochOrder(set, 1, 2)).not.toEqual(epochOrder(set, 1, 3));
    expect(epochOrder(set, 1, 2)).not.toEqual(epochOrder(set, 2, 2));
  });
});
