/** The fields of each kind of layer, in display order. */
import {
  activations,
  layerDefaults,
  mergeModes,
  paddings,
  type LayerKind,
  type LayerSpec,
} from "../../../contract/domain/networks.ts";

export type LayerField = {
  key: string;
  label: string;
  /** Value of a layer that lacks the setting. */
  initial?: number | string;
} & (
  { type: "whole" } | { type: "fraction" } | { type: "choice"; options: readonly { value: string; label: string }[] }
);

const same = (values: readonly string[]): { value: string; label: string }[] =>
  values.map((value) => ({ value, label: value }));

const units: LayerField = { key: "units", label: "units", type: "whole" };
const activation: LayerField = { key: "activation", label: "activation", type: "choice", options: same(activations) };
const rate: LayerField = { key: "rate", label: "rate", type: "fraction" };
const padding: LayerField = { key: "padding", label: "padding", type: "choice", options: same(paddings) };
const pooling: readonly LayerField[] = [
  { key: "poolSize", label: "pool size", type: "whole" },
  // A layer without strides has its pool size: see readField.
  { key: "strides", label: "strides", type: "whole" },
  { ...padding, initial: layerDefaults.poolPadding },
];
const bias: LayerField = {
  key: "useBias",
  label: "bias",
  type: "choice",
  initial: String(layerDefaults.useBias),
  options: [
    { value: "true", label: "yes" },
    { value: "false", label: "no" },
  ],
};
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
  dense: [units, activation, bias],
  conv1d: [
    { key: "filters", label: "filters", type: "whole" },
    { key: "kernelSize", label: "kernel size", type: "whole" },
    { key: "strides", label: "strides", type: "whole" },
    { key: "dilation", label: "dilation", type: "whole", initial: layerDefaults.dilation },
    padding,
    activation,
    bias,
  ],
  "zero-padding-1d": [
    { key: "before", label: "before", type: "whole" },
    { key: "after", label: "after", type: "whole" },
  ],
  "batch-normalization": [],
  "layer-normalization": [{ key: "epsilon", label: "epsilon", type: "fraction", initial: layerDefaults.epsilon }],
  activation: [activation],
  "leaky-relu": [
    { key: "negativeSlope", label: "slope below 0", type: "fraction", initial: layerDefaults.negativeSlope },
  ],
  dropout: [rate],
  "gaussian-noise": [{ key: "deviation", label: "standard deviation", type: "fraction" }],
  "spatial-dropout-1d": [rate],
  "max-pooling-1d": pooling,
  "average-pooling-1d": pooling,
  "global-max-pooling-1d": [],
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
  "zero-padding-1d": "Zero padding",
  "batch-normalization": "Batch normalization",
  "layer-normalization": "Layer normalization",
  activation: "Activation",
  "leaky-relu": "Leaky ReLU",
  dropout: "Dropout",
  "gaussian-noise": "Gaussian noise",
  "spatial-dropout-1d": "Spatial dropout",
  "max-pooling-1d": "Max pooling",
  "average-pooling-1d": "Average pooling",
  "global-max-pooling-1d": "Global max pooling",
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
export function readField(layer: LayerSpec, { key, initial }: LayerField): number | string {
  const value = key.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], layer);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number" || typeof value === "string") return value;
  return initial ?? ("poolSize" in layer ? layer.poolSize : "");
}

/** Returns the changes of a layer that give a field this value. A setting with its initial value is removed. */
export function writeField(
  layer: LayerSpec,
  { key, initial }: LayerField,
  entered: number | string,
): Record<string, unknown> {
  const value = entered === "true" ? true : entered === "false" ? false : entered;
  const [outer, inner] = key.split(".");
  if (inner === undefined) return { [key]: entered === initial ? undefined : value };
  return layer.kind === "bidirectional" ? { [outer ?? ""]: { ...layer.layer, [inner]: value } } : {};
}
