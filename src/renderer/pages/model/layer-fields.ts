/** What can be set of each kind of layer, in the order in which it is shown. */
import {
  activations,
  mergeModes,
  paddings,
  type LayerKind,
  type LayerSpec,
} from "../../../contract/domain/networks.ts";

export type LayerField =
  | { key: string; label: string; type: "whole"; min: number; optional?: boolean }
  | { key: string; label: string; type: "fraction" }
  | { key: string; label: string; type: "choice"; options: readonly { value: string; label: string }[] };

const same = (values: readonly string[]): { value: string; label: string }[] =>
  values.map((value) => ({ value, label: value }));

const units: LayerField = { key: "units", label: "units", type: "whole", min: 1 };
const activation: LayerField = { key: "activation", label: "activation", type: "choice", options: same(activations) };
/** A choice is kept as text; see {@link readField}. */
const sequences: LayerField = {
  key: "returnSequences",
  label: "gives",
  type: "choice",
  options: [
    { value: "false", label: "its last state" },
    { value: "true", label: "a state for each sample" },
  ],
};

const fields: Record<LayerKind, readonly LayerField[]> = {
  dense: [units, activation],
  conv1d: [
    { key: "filters", label: "filters", type: "whole", min: 1 },
    { key: "kernelSize", label: "kernel", type: "whole", min: 1 },
    { key: "strides", label: "strides", type: "whole", min: 1 },
    { key: "padding", label: "padding", type: "choice", options: same(paddings) },
    activation,
  ],
  "batch-normalization": [],
  activation: [activation],
  dropout: [{ key: "rate", label: "rate", type: "fraction" }],
  "max-pooling-1d": [
    { key: "poolSize", label: "pool", type: "whole", min: 1 },
    { key: "strides", label: "strides", type: "whole", min: 1, optional: true },
  ],
  "global-average-pooling-1d": [],
  flatten: [],
  lstm: [units, sequences],
  gru: [units, sequences],
  bidirectional: [
    {
      key: "layer.kind",
      label: "of",
      type: "choice",
      options: [
        { value: "lstm", label: "LSTM" },
        { value: "gru", label: "GRU" },
      ],
    },
    { ...units, key: "layer.units" },
    { ...sequences, key: "layer.returnSequences" },
    { key: "merge", label: "joined by", type: "choice", options: same(mergeModes) },
  ],
  concatenate: [],
  add: [],
};

export const kindNames: Record<LayerKind, string> = {
  dense: "Dense",
  conv1d: "Convolution",
  "batch-normalization": "Batch norm",
  activation: "Activation",
  dropout: "Dropout",
  "max-pooling-1d": "Max pooling",
  "global-average-pooling-1d": "Global average",
  flatten: "Flatten",
  lstm: "LSTM",
  gru: "GRU",
  bidirectional: "Both directions",
  concatenate: "Concatenate",
  add: "Add",
};

export function fieldsOf(kind: LayerKind): readonly LayerField[] {
  return fields[kind];
}

/** A setting's value as its field shows it. A pool's strides are its size where they are not given. */
export function readField(layer: LayerSpec, { key }: LayerField): number | string {
  const value = key.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], layer);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" || typeof value === "string") return value;
  return layer.kind === "max-pooling-1d" ? layer.poolSize : "";
}

/** What to change of a layer so that the field holds a value. */
export function writeField(layer: LayerSpec, { key }: LayerField, given: number | string): Record<string, unknown> {
  const value = given === "true" ? true : given === "false" ? false : given;
  const [outer, inner] = key.split(".");
  if (inner === undefined) return { [key]: value };
  return layer.kind === "bidirectional" ? { [outer ?? ""]: { ...layer.layer, [inner]: value } } : {};
}
