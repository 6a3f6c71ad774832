import { describe, expect, it } from "vitest";
import { networkSchema } from "../../contract/domain/networks.ts";
import { sequenceLayouts } from "./sequence-layouts.ts";

const lstm = (id: string, returnSequences = true): object => ({ id, kind: "lstm", units: 4, returnSequences });
const both = (id: string, returnSequences = true): object => ({
  id,
  kind: "bidirectional",
  layer: { kind: "lstm", units: 4, returnSequences },
});
const dropout = (id: string): object => ({ id, kind: "dropout", rate: 0.3 });
const tanh = (id: string): object => ({ id, kind: "activation", activation: "tanh" });
const dense = (id: string): object => ({ id, kind: "dense", units: 2, activation: "linear" });
const average = (id: string): object => ({ id, kind: "global-average-pooling-1d" });

/** Returns `id: input > output`, with b for batch first and t for time first. */
function layouts(...layers: object[]): string[] {
  return [...sequenceLayouts(networkSchema.parse({ name: "n", layers }))].map(
    ([id, { input, output }]) => `${id}: ${input[0]} > ${output[0]}`,
  );
}

describe("sequenceLayouts", () => {
  it("keeps time first from one LSTM to the next, through dropout and activations", () => {
    expect(layouts(lstm("a"), dropout("b"), tanh("c"), lstm("d", false), dropout("e"), dense("f"))).toEqual([
      "a: b > t",
      "b: t > t",
      "c: t > t",
      "d: t > b",
      "e: b > b",
      "f: b > b",
    ]);
    expect(layouts(lstm("a"), both("b"), lstm("c", false))).toEqual(["a: b > t", "b: t > t", "c: t > b"]);
  });

  it("restores batch first for other layers and at the end of the network", () => {
    expect(layouts(lstm("a"), average("b"), dense("c"))).toEqual(["a: b > b", "b: b > b", "c: b > b"]);
    expect(layouts(dropout("a"), lstm("b"))).toEqual(["a: b > b", "b: b > b"]);
    expect(layouts(lstm("a"), dropout("b"), dense("c"), lstm("d"))).toEqual([
      "a: b > b",
      "b: b > b",
      "c: b > b",
      "d: b > b",
    ]);
  });

  it("restores batch first where the network branches or joins", () => {
    const skip = { id: "sum", kind: "add", inputs: ["a", "b"] };
    expect(layouts(lstm("a"), lstm("b"), skip, lstm("c", false))).toEqual([
      "a: b > b",
      "b: b > b",
      "sum: b > b",
      "c: b > b",
    ]);
  });
});
