/** The fields of each kind of layer, in display order. */
import {
  activations,
  mergeModes,
  paddings,
  type LayerKind,
  type LayerSpec,
} from "../../../contract/domain/networks.ts";

export type LayerField =
  | { key: string; label: string; type: "whole"; optional?: boolean }
  | { key: string; label: string; type: "fraction" }
  | { key: string; label: string; type: "choice"; options: readonly { value: string; label: string }[] };

const same = (values: readonly string[]): { value: string; label: string }[] =>
  values.map((value) => ({ value, label: value }));

const units: LayerField = { key: "units", label: "units", type: "whole" };
const activation: LayerField = { key: "activation", label: "activation", type: "choice", options: same(activations) };
/** The values of a choice are texts; see {@link readField}. */
const sequences: LayerField = {
  key: "returnSequences",
  label: "output",
  type: "choice",
  options: [
    { value: "false", label: "last state only" },
    { value: "true", label: "full sequence" },
  ],
};

const fields: Record<LayerKind, readonly LayerField[]> = {
  dense: [units, activation],
  conv1d: [
    { key: "filters", label: "filters", type: "whole" },
    { key: "kernelSize", label: "kernel size", type: "whole" },
    { key: "strides", label: "strides", type: "whole" },
    { key: "padding", label: "padding", type: "choice", options: same(paddings) },
    activation,
  ],
  "batch-normalization": [],
  activation: [activation],
  dropout: [{ key: "rate", label: "rate", type: "fraction" }],
  "gaussian-noise": [{ key: "deviation", label: "standard deviation", type: "fraction" }],
  "max-pooling-1d": [
    { key: "poolSize", label: "pool size", type: "whole" },
    { key: "strides", label: "strides", type: "whole", optional: true },
  ],
  "global-average-pooling-1d": [],
  flatten: [],
  lstm: [units, sequences],
  gru: [units, sequences],
  bidirectional: [
    {
      key: "layer.kind",
      label: "layer",
      type: "choice",
      options: [
        { value: "lstm", label: "LSTM" },
        { value: "gru", label: "GRU" },
      ],
    },
    { ...units, key: "layer.units" },
    { ...sequences, key: "layer.returnSequences" },
    { key: "merge", label: "merge", type: "choice", options: same(mergeModes) },
  ],
  concatenate: [],
  add: [],
};

export const kindNames: Record<LayerKind, string> = {
  dense: "Dense",
  conv1d: "Conv1D",
  "batch-normalization": "Batch normalization",
  activation: "Activation",
  dropout: "Dropout",
  "gaussian-noise": "Gaussian noise",
  "max-pooling-1d": "Max pooling",
  "global-average-pooling-1d": "Global average pooling",
  flatten: "Flatten",
  lstm: "LSTM",
  gru: "GRU",
  bidirectional: "Bidirectional",
  concatenate: "Concatenate",
  add: "Add",
};

export function fieldsOf(kind: LayerKind): readonly LayerField[] {
  return fields[kind];
}

/** Returns the value of a field. The strides of a pooling layer default to its pool size. */
export function readField(layer: LayerSpec, { key }: LayerField): number | string {
  const value = key.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], layer);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" || typeof value === "string") return value;
  return layer.kind === "max-pooling-1d" ? layer.poolSize : "";
}

/** Returns the changes of a layer that give a field this value. */
export function writeField(layer: LayerSpec, { key }: LayerField, entered: number | string): Record<string, unknown> {
  const value = entered === "true" ? true : entered === "false" ? false : entered;
  const [outer, inner] = key.split(".");
  if (inner === undefined) return { [key]: value };
  return layer.kind === "bidirectional" ? { [outer ?? ""]: { ...layer.layer, [inner]: value } } : {};
}
