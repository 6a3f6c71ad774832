import { expect, it } from "vitest";
import { layerSchema } from "../../../contract/domain/networks.ts";
import { layerSettings } from "./layer-text.ts";

const settings = (layer: object): string => layerSettings(layerSchema.parse({ id: "layer", ...layer }));
const conv = { kind: "conv1d", filters: 8, kernelSize: 5, activation: "relu" };

it.each([
  [conv, "8 of 5, relu"],
  [{ ...conv, dilation: 4, padding: "valid", useBias: false }, "8 of 5, dilation 4, no padding, relu, no bias"],
  [{ kind: "dense", units: 3, activation: "linear", useBias: false }, "3, linear, no bias"],
  [{ kind: "zero-padding-1d", before: 2, after: 0 }, "2 before, 0 after"],
  [{ kind: "average-pooling-1d", poolSize: 4, strides: 2, padding: "same" }, "4, strides 2, padding same"],
  [{ kind: "max-pooling-1d", poolSize: 4 }, "4"],
  [{ kind: "layer-normalization" }, ""],
  [{ kind: "layer-normalization", epsilon: 1e-5 }, "epsilon 0.00001"],
  [{ kind: "leaky-relu" }, "slope 0.3"],
  [{ kind: "spatial-dropout-1d", rate: 0.2 }, "0.2"],
])("describes the settings of %j as “%s”", (layer, text) => {
  expect(settings(layer)).toBe(text);
});
