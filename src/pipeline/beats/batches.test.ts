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
  it("writes real beats as they are and makes synthetic ones", () => {
    const values = new Float32Array(6);
    const classes = new Int32Array(3);
    fillBatch(source, Uint32Array.of(9, 2, 3, 0), 1, 4, values, classes);
    expect([...values]).toEqual([5, 6, 4, 5, 1, 2]);
    expect([...classes]).toEqual([1, 1, 0]);
  });

  it("leaves the rest of the outputs alone: the last batch may be short", () => {
    const values = new Float32Array(4).fill(-1);
    const classes = new Float32Array(2).fill(-1);
    fillBatch(source, Uint32Array.of(0), 0, 1, values, classes);
    expect([...values, ...classes]).toEqual([1, 2, -1, -1, 0, -1]);
  });
});

describe("epochOrder", () => {
  const part = Uint32Array.from({ length: 100 }, (_, i) => 3 * i);

  it("holds every example of the part once, and leaves the part as it was", () => {
    const before = part.slice();
    expect(epochOrder(part, 1, 1).toSorted()).toEqual(part);
    expect(part).toEqual(before);
  });

  it("is the same for the same seed and epoch, and another for another", () => {
    expect(epochOrder(part, 1, 2)).toEqual(epochOrder(part, 1, 2));
    expect(epochOrder(part, 1, 2)).not.toEqual(epochOrder(part, 1, 3));
    expect(epochOrder(part, 1, 2)).not.toEqual(epochOrder(part, 2, 2));
  });
});
