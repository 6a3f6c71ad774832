/**
 * Networks that together contain every layer, every activation, strides, no padding, branches, joins, and both
 * directions.
 */
import { activations, networkSchema, type NetworkShape, type NetworkSpec } from "../../src/contract/domain/networks.ts";
import { inputsWithShapes } from "../../src/engine/networks/wiring.ts";
import type { RandomStream } from "../../src/pipeline/random.ts";

export interface CustomNetwork {
  network: NetworkSpec;
  windowLength: number;
  /** Sizes of inputs beside a beat of one channel. */
  sizes?: Pick<NetworkShape, "channels" | "features" | "steps">;
}

function custom(
  name: string,
  windowLength: number,
  layers: object[],
  sizes: CustomNetwork["sizes"] = {},
): CustomNetwork {
  return { network: networkSchema.parse({ name, layers }), windowLength, sizes };
}

export function shapeOf({ windowLength, sizes }: Omit<CustomNetwork, "network">, classes: number): NetworkShape {
  return { windowLength, ...sizes, classes };
}

/** Returns random rows of each input of a network. */
export function randomInputs(custom: CustomNetwork, beats: number, random: RandomStream): Float32Array[] {
  return inputsWithShapes(custom.network, shapeOf(custom, 1)).map(({ size }) =>
    Float32Array.from({ length: beats * size }, () => random.normal()),
  );
}

const lstm = (units: number, returnSequences: boolean): object => ({ kind: "lstm", units, returnSequences });
const gru = (units: number, returnSequences: boolean): object => ({ kind: "gru", units, returnSequences });
const dropout = (id: string): object => ({ id, kind: "dropout", rate: 0.25 });

export const customNetworks: readonly CustomNetwork[] = [
  custom("strides without padding, dense on a sequence, flatten", 25, [
    { id: "conv-1", kind: "conv1d", filters: 6, kernelSize: 5, strides: 2, padding: "valid", activation: "elu" },
    { id: "norm-1", kind: "batch-normalization" },
    { id: "conv-2", kind: "conv1d", filters: 8, kernelSize: 3, strides: 2, activation: "gelu" },
    { id: "dense-1", kind: "dense", units: 5, activation: "selu" },
    { id: "pool", kind: "max-pooling-1d", poolSize: 3, strides: 1 },
    dropout("dropout-1"),
    { id: "flat", kind: "flatten" },
    { id: "dense-2", kind: "dense", units: 7, activation: "sigmoid" },
    // Not linear: the gradient of a bias before a normalization is only rounding error, which Adam turns into steps.
    { id: "dense-3", kind: "dense", units: 6, activation: "tanh" },
    { id: "norm-2", kind: "batch-normalization" },
    { id: "relu", kind: "activation", activation: "relu" },
  ]),
  custom("each activation in parallel, on a row", 12, [
    { id: "first", kind: "dense", units: 6, activation: "linear" },
    ...activations.map((activation) => ({ id: `as-${activation}`, kind: "activation", activation, inputs: ["first"] })),
    { id: "all", kind: "concatenate", inputs: activations.map((activation) => `as-${activation}`) },
    ...activations.flatMap((activation) => [
      { id: `dense-${activation}`, kind: "dense", units: 5, activation, inputs: ["all"] },
    ]),
    { id: "sum", kind: "add", inputs: activations.map((activation) => `dense-${activation}`) },
    dropout("dropout"),
  ]),
  custom("convolutions with a skip connection", 24, [
    { id: "conv-1", kind: "conv1d", filters: 4, kernelSize: 5, activation: "swish" },
    { id: "norm", kind: "batch-normalization" },
    { id: "conv-2", kind: "conv1d", filters: 4, kernelSize: 3, activation: "linear" },
    { id: "sum", kind: "add", inputs: ["norm", "conv-2"] },
    { id: "tanh", kind: "activation", activation: "tanh" },
    { id: "all", kind: "concatenate", inputs: ["input", "tanh", "conv-1"] },
    { id: "conv-3", kind: "conv1d", filters: 6, kernelSize: 4, strides: 3, padding: "valid", activation: "relu" },
    dropout("dropout"),
    { id: "average", kind: "global-average-pooling-1d" },
  ]),
  custom("bidirectional LSTMs, each merge mode", 6, [
    { id: "concat", kind: "bidirectional", layer: lstm(3, true), merge: "concat" },
    dropout("dropout"),
    { id: "sum", kind: "bidirectional", layer: lstm(4, true), merge: "sum" },
    { id: "average", kind: "bidirectional", layer: lstm(3, true), merge: "average" },
    { id: "elu", kind: "activation", activation: "elu" },
    { id: "multiply", kind: "bidirectional", layer: lstm(4, false), merge: "multiply" },
  ]),
  custom("an LSTM with a skip connection, after a convolution", 14, [
    { id: "conv", kind: "conv1d", filters: 4, kernelSize: 3, strides: 2, activation: "relu" },
    { id: "lstm-1", ...lstm(4, true) },
    { id: "sum", kind: "add", inputs: ["conv", "lstm-1"] },
    { id: "both", kind: "bidirectional", layer: lstm(3, true), merge: "concat" },
    { id: "lstm-2", ...lstm(5, false) },
    { id: "first", kind: "flatten", inputs: ["sum"] },
    { id: "all", kind: "concatenate", inputs: ["lstm-2", "first"] },
  ]),
  custom("dilation, padding, pooling and normalization of samples", 29, [
    { id: "pad", kind: "zero-padding-1d", before: 2, after: 3 },
    { id: "conv-1", kind: "conv1d", filters: 6, kernelSize: 3, dilation: 3, activation: "relu", useBias: false },
    { id: "norm-1", kind: "layer-normalization" },
    { id: "spatial", kind: "spatial-dropout-1d", rate: 0.4 },
    { id: "conv-2", kind: "conv1d", filters: 5, kernelSize: 4, dilation: 2, padding: "valid", activation: "gelu" },
    { id: "leaky", kind: "leaky-relu" },
    { id: "pool-1", kind: "max-pooling-1d", poolSize: 3, strides: 2, padding: "same" },
    { id: "pool-2", kind: "average-pooling-1d", poolSize: 4, strides: 3, padding: "same" },
    { id: "norm-2", kind: "layer-normalization", epsilon: 1e-5 },
    { id: "largest", kind: "global-max-pooling-1d" },
    { id: "pool-3", kind: "average-pooling-1d", poolSize: 2, inputs: ["pool-1"] },
    { id: "mean", kind: "global-average-pooling-1d" },
    { id: "all", kind: "concatenate", inputs: ["largest", "mean"] },
    { id: "dense", kind: "dense", units: 7, activation: "tanh", useBias: false },
    { id: "leaky-2", kind: "leaky-relu", negativeSlope: 0.1 },
  ]),
  custom("a layer normalization of rows, and a leaky ReLU between recurrences", 8, [
    { id: "lstm", ...lstm(4, true) },
    { id: "leaky", kind: "leaky-relu", negativeSlope: 0.2 },
    { id: "gru", ...gru(5, false) },
    { id: "norm", kind: "layer-normalization", epsilon: 0.01 },
    { id: "dense", kind: "dense", units: 6, activation: "relu" },
    { id: "batch", kind: "batch-normalization" },
  ]),
  custom("GRUs, unidirectional and bidirectional", 6, [
    { id: "gru-1", ...gru(4, true) },
    dropout("dropout"),
    { id: "both", kind: "bidirectional", layer: gru(3, true), merge: "concat" },
    { id: "lstm", ...lstm(4, true) },
    { id: "gru-2", ...gru(5, false) },
  ]),
  custom(
    "a beat of two channels, its features, and a sequence of them",
    10,
    [
      { id: "conv", kind: "conv1d", filters: 4, kernelSize: 3, activation: "relu" },
      { id: "average", kind: "global-average-pooling-1d" },
      {
        id: "steps",
        kind: "conv1d",
        filters: 5,
        kernelSize: 3,
        padding: "valid",
        activation: "elu",
        inputs: ["sequence"],
      },
      { id: "norm", kind: "batch-normalization" },
      { id: "flat", kind: "flatten" },
      { id: "noise", kind: "gaussian-noise", deviation: 0.4, inputs: ["rhythm"] },
      { id: "one", kind: "dense", units: 6, activation: "tanh" },
      { id: "one-norm", kind: "batch-normalization" },
      dropout("dropout"),
      { id: "all", kind: "concatenate", inputs: ["average", "flat", "dropout"] },
    ],
    { channels: 2, features: 3, steps: 5 },
  ),
  custom(
    "the features of a beat, and of a sequence, without the beat",
    8,
    [
      { id: "one", kind: "dense", units: 6, activation: "tanh", inputs: ["rhythm"] },
      { id: "steps", kind: "gru", units: 5, inputs: ["sequence"] },
      { id: "all", kind: "concatenate", inputs: ["steps", "one", "rhythm"] },
    ],
    { features: 4, steps: 3 },
  ),
];
