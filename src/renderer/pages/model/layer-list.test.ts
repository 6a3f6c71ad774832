import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { presets } from "../../../contract/settings/network-presets.ts";
import { layerKinds, networkSchema, type NetworkSpec } from "../../../contract/domain/networks.ts";
import { addLayer, changeLayer, freeName, moveLayer, removeLayer, renameLayer, sameLayers } from "./layer-list.ts";

const ids = ({ layers }: NetworkSpec): string[] => layers.map(({ id }) => id);
const branched: NetworkSpec = {
  name: "Branched",
  layers: [
    { id: "a", kind: "dense", units: 4, activation: "relu" },
    { id: "b", kind: "dense", units: 4, activation: "relu", inputs: ["input"] },
    { id: "sum", kind: "add", inputs: ["a", "b"] },
  ],
};

describe("a list of layers", () => {
  it("accepts each kind anywhere, with a unique id", () => {
    const all = layerKinds.reduce((network, kind) => addLayer(network, kind, 1), presets.cnn);
    expect(networkSchema.parse(all)).toEqual(all);
    expect(new Set(ids(all)).size).toBe(presets.cnn.layers.length + layerKinds.length);
    expect(ids(addLayer(presets.ann, "dense", 0))[0]).toBe("dense-4");
    expect(ids(addLayer(presets.ann, "gru", presets.ann.layers.length)).at(-1)).toBe("gru-1");
  });

  it("moves a layer to a valid index only", () => {
    expect(ids(moveLayer(branched, 0, 2))).toEqual(["b", "sum", "a"]);
    expect(moveLayer(branched, 0, -1)).toBe(branched);
    expect(moveLayer(branched, 2, 3)).toBe(branched);
    expect(ids(moveLayer(moveLayer(branched, 0, 1), 1, 0))).toEqual(ids(branched));
  });

  it("gives the inputs of a removed layer to the layers that used it", () => {
    expect(removeLayer(branched, 1).layers[1]).toEqual({ id: "sum", kind: "add", inputs: ["a", "input"] });
    expect(removeLayer(removeLayer(branched, 0), 0).layers).toEqual([{ id: "sum", kind: "add", inputs: ["input"] }]);
    expect(removeLayer(removeLayer(removeLayer(branched, 0), 0), 0).layers).toHaveLength(1);
  });

  it("renames a layer and the inputs of others, and refuses invalid or used ids", () => {
    const renamed = renameLayer(branched, 0, "first");
    expect(renamed.layers[2]).toMatchObject({ inputs: ["first", "b"] });
    for (const id of ["b", "1st", "", "with space", "input", "rhythm", "sequence", "output"])
      expect(renameLayer(branched, 0, id)).toBe(branched);
  });

  it("changes settings, and removes undefined ones", () => {
    expect(changeLayer(branched, 1, { units: 9, inputs: undefined }).layers[1]).toEqual({
      id: "b",
      kind: "dense",
      units: 9,
      activation: "relu",
    });
  });

  it("stays a valid network after any edits", () => {
    const step = fc.tuple(fc.nat(3), fc.nat(20), fc.nat(20), fc.constantFrom(...layerKinds));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const end = steps.reduce((network, [edit, a, b, kind]) => {
          const at = a % network.layers.length;
          if (edit === 0) return addLayer(network, kind, b % (network.layers.length + 1));
          if (edit === 1) return removeLayer(network, at);
          return edit === 2 ? moveLayer(network, at, b) : renameLayer(network, at, `layer-${b}`);
        }, branched);
        expect(networkSchema.parse(end)).toEqual(end);
        const known = new Set([...ids(end), "input"]);
        for (const { inputs } of end.layers) for (const id of inputs ?? []) expect(known.has(id)).toBe(true);
      }),
    );
  });
});

it("compares networks by their layers", () => {
  expect(sameLayers(presets.ann, { ...presets.ann, name: "Mine" })).toBe(true);
  expect(sameLayers(presets.ann, presets.cnn)).toBe(false);
});

it("finds an unused name", () => {
  expect(freeName("Mine", [])).toBe("Mine");
  expect(freeName("Mine", ["mine", "Mine 2"])).toBe("Mine 3");
});
