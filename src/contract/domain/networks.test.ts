import { describe, expect, it } from "vitest";
import { defaultTraining } from "../settings/defaults.ts";
import { presets } from "../settings/network-presets.ts";
import { networkSchema } from "./networks.ts";
import { networkNames, trainingSettingsSchema } from "./training.ts";

describe("networkSchema", () => {
  it("accepts the presets without adding defaults", () => {
    for (const network of Object.values(presets)) expect(networkSchema.parse(network)).toEqual(network);
  });

  it("adds defaults", () => {
    const conv = { id: "c", kind: "conv1d", filters: 4, kernelSize: 5, activation: "relu" };
    const both = { id: "b", kind: "bidirectional", layer: { kind: "gru", units: 3 } };
    expect(networkSchema.parse({ name: " mine ", layers: [conv, both] })).toEqual({
      name: "mine",
      layers: [
        { ...conv, strides: 1, padding: "same" },
        { ...both, layer: { kind: "gru", units: 3, returnSequences: false }, merge: "concat" },
      ],
    });
  });

  it.each([
    { name: "an unknown kind", layer: { id: "a", kind: "attention" }, path: ["layers", 0, "kind"] },
    { name: "no units", layer: { id: "a", kind: "dense", activation: "relu" }, path: ["layers", 0, "units"] },
    { name: "a reserved name", layer: { id: "input", kind: "flatten" }, path: ["layers", 0, "id"] },
    { name: "a name with a slash", layer: { id: "a/b", kind: "flatten" }, path: ["layers", 0, "id"] },
    { name: "everything dropped", layer: { id: "a", kind: "dropout", rate: 1 }, path: ["layers", 0, "rate"] },
    { name: "a setting it doesn't have", layer: { id: "a", kind: "flatten", units: 3 }, path: ["layers", 0] },
    {
      name: "an activation of another library",
      layer: { id: "a", kind: "activation", activation: "leaky_relu" },
      path: ["layers", 0, "activation"],
    },
  ])("refuses $name, and says where", ({ layer, path }) => {
    const { error } = networkSchema.safeParse({ name: "mine", layers: [layer] });
    expect(error?.issues.map((issue) => issue.path)).toEqual([path]);
  });
});

describe("training settings", () => {
  it("accept the name of a preset, or a network", () => {
    for (const network of [...networkNames, presets.cnn]) {
      const settings = defaultTraining(network);
      expect(trainingSettingsSchema.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings);
    }
    expect(trainingSettingsSchema.safeParse({ ...defaultTraining("ann"), network: "resnet" }).success).toBe(false);
  });
});
