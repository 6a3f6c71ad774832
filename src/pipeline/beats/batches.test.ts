import { describe, expect, it } from "vitest";
import { balancedOrder, blendRows, epochOrder, fillBatch, type BatchFilling, type ExampleSource } from "./batches.ts";

const source: ExampleSource = {
  values: Float32Array.of(1, 2, 3, 4, 5, 6),
  length: 2,
  realCount: 3,
  classes: Uint8Array.of(0, 1, 1, 1),
  recipe: { base: Uint32Array.of(1), neighbour: Uint32Array.of(2), lambda: Float32Array.of(0.5) },
};

const filling = (inputs: BatchFilling["inputs"], of = source): BatchFilling => ({
  source: of,
  inputs,
  fillRows: blendRows,
});

describe("fillBatch", () => {
  it("copies real beats and computes synthetic ones", () => {
    const values = new Float32Array(6);
    const classes = new Int32Array(3);
    fillBatch(filling(["input"]), Uint32Array.of(2, 3, 0), [values], classes);
    expect([...values]).toEqual([5, 6, 4, 5, 1, 2]);
    expect([...classes]).toEqual([1, 1, 0]);
  });

  it("keeps the rest of longer outputs: the last batch may be short", () => {
    const values = new Float32Array(4).fill(-1);
    const classes = new Float32Array(2).fill(-1);
    fillBatch(filling(["input"]), Uint32Array.of(0), [values], classes);
    expect([...values, ...classes]).toEqual([1, 2, -1, -1, 0, -1]);
  });

  it("gives synthetic beats the features between those of their two beats", () => {
    const features = { values: Float32Array.of(10, 20, 40), count: 1 };
    const [values, rhythm] = [new Float32Array(4), new Float32Array(2)];
    fillBatch(
      filling(["input", "rhythm"], { ...source, features }),
      Uint32Array.of(3, 0),
      [values, rhythm],
      new Int32Array(2),
    );
    expect([...values, ...rhythm]).toEqual([4, 5, 1, 2, 30, 10]);
  });

  it("gives a beat the features of its neighbours in the recording, and 0 where one is missing", () => {
    const sequences: ExampleSource = {
      ...source,
      realCount: 5,
      features: { values: Float32Array.of(1, -1, 2, -2, 3, -3, 4, -4, 5, -5), count: 2 },
      // Beats 0 to 2 are of one recording, beats 3 and 4 of another.
      sequence: { before: 2, after: 1, records: Uint32Array.of(0, 0, 0, 1, 1) },
    };
    const out = new Float32Array(32).fill(9);
    fillBatch(filling(["sequence"], sequences), Uint32Array.of(0, 2, 3, 4), [out], new Int32Array(4));
    expect([...out]).toEqual([
      ...[0, 0, 0, 0, 1, -1, 2, -2],
      ...[1, -1, 2, -2, 3, -3, 0, 0],
      ...[0, 0, 0, 0, 4, -4, 5, -5],
      ...[0, 0, 4, -4, 5, -5, 0, 0],
    ]);
  });

  it("refuses inputs that the preparation lacks", () => {
    const fill = (inputs: BatchFilling["inputs"]) => (): void =>
      fillBatch(filling(inputs), Uint32Array.of(0), [new Float32Array(4)], new Int32Array(1));
    expect(fill(["rhythm"])).toThrow("no features");
    expect(fill(["sequence"])).toThrow("no features");
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

describe("balancedOrder", () => {
  const classOf = Uint8Array.from({ length: 100 }, (_, i) => (i < 90 ? 0 : i < 98 ? 1 : 2));
  const set = Uint32Array.from({ length: 100 }, (_, i) => i);
  const order = balancedOrder(set, classOf, 1, 1);

  it("has the classes equally often in every batch, and as many examples as the set", () => {
    expect(order).toHaveLength(100);
    for (let from = 0; from + 9 <= 100; from += 9) {
      const counts = [0, 0, 0];
      for (const example of order.subarray(from, from + 9)) counts[classOf[example]]++;
      expect(counts).toEqual([3, 3, 3]);
    }
  });

  it("repeats a beat of a small class after all beats of the class", () => {
    const ofTwo = [...order].filter((example) => classOf[example] === 2);
    for (let i = 0; i + 2 <= ofTwo.length; i += 2) expect(ofTwo.slice(i, i + 2).toSorted()).toEqual([98, 99]);
  });

  it("depends on seed and epoch alone", () => {
    expect(balancedOrder(set, classOf, 1, 1)).toEqual(order);
    expect(balancedOrder(set, classOf, 1, 2)).not.toEqual(order);
  });
});
