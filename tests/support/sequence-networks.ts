/** Networks for kernels over sequences: shapes with remainders of vectors, panels and tiles, and unusual steps. */
import { networkSchema } from "../../src/contract/domain/networks.ts";
import { optimizerSchema } from "../../src/contract/domain/optimization.ts";
import type { PlanCase } from "./plan-steps.ts";

interface ConvolutionShape {
  time: number;
  in: number;
  out: number;
  taps: number;
  stride: number;
  same: boolean;
  relu: boolean;
  dilation?: number;
  bias?: boolean;
}

const convolutions: readonly ConvolutionShape[] = [
  { time: 36, in: 1, out: 64, taps: 5, stride: 1, same: true, relu: true },
  { time: 18, in: 64, out: 128, taps: 5, stride: 1, same: true, relu: true },
  { time: 9, in: 32, out: 48, taps: 3, stride: 1, same: true, relu: true },
  { time: 230, in: 17, out: 33, taps: 3, stride: 1, same: false, relu: false },
  { time: 2, in: 16, out: 16, taps: 7, stride: 1, same: true, relu: true },
  { time: 31, in: 19, out: 70, taps: 2, stride: 1, same: false, relu: true },
  { time: 30, in: 20, out: 16, taps: 4, stride: 1, same: true, relu: false },
  { time: 29, in: 16, out: 21, taps: 6, stride: 1, same: false, relu: true },
  { time: 28, in: 18, out: 23, taps: 7, stride: 1, same: true, relu: true },
  { time: 25, in: 3, out: 5, taps: 9, stride: 3, same: true, relu: true },
  { time: 100, in: 24, out: 40, taps: 11, stride: 2, same: false, relu: true },
  { time: 7, in: 2, out: 1, taps: 1, stride: 5, same: true, relu: false },
  { time: 1, in: 1, out: 1, taps: 3, stride: 2, same: true, relu: true },
  { time: 18, in: 17, out: 19, taps: 3, stride: 1, same: true, relu: true, bias: false },
  { time: 20, in: 3, out: 5, taps: 4, stride: 2, same: true, relu: false, bias: false },
  { time: 50, in: 17, out: 33, taps: 3, stride: 1, same: true, relu: true, dilation: 4 },
  { time: 31, in: 5, out: 19, taps: 4, stride: 1, same: false, relu: false, dilation: 7 },
  { time: 9, in: 2, out: 3, taps: 3, stride: 1, same: true, relu: true, dilation: 16 },
  { time: 13, in: 1, out: 4, taps: 1, stride: 1, same: false, relu: true, dilation: 5 },
  { time: 40, in: 1, out: 6, taps: 5, stride: 1, same: true, relu: false, dilation: 2, bias: false },
];

const poolings: readonly { time: number; channels: number; pool: number; strides: number; same: boolean }[] = [
  { time: 17, channels: 5, pool: 4, strides: 4, same: true },
  { time: 20, channels: 19, pool: 5, strides: 2, same: true },
  { time: 11, channels: 3, pool: 9, strides: 1, same: true },
  { time: 14, channels: 33, pool: 3, strides: 5, same: true },
  { time: 13, channels: 2, pool: 4, strides: 3, same: false },
  { time: 2, channels: 1, pool: 7, strides: 1, same: true },
];

const layerNormalizations = [
  { time: 150, channels: 5 },
  { time: 7, channels: 33 },
  { time: 3, channels: 1 },
];

/** A normalization, then pooling. */
const normalizations = [
  { time: 37, channels: 64, pool: 2 },
  { time: 9, channels: 19, pool: 1 },
  { time: 11, channels: 5, pool: 3 },
  { time: 4, channels: 33, pool: 4 },
];

/** Convolutions of a beat's single channel to `channels`, and what follows them. */
function network(name: string, windowLength: number, channels: number, layers: object[]): PlanCase {
  const widened = { id: "widened", kind: "conv1d", filters: channels, kernelSize: 1, activation: "tanh" };
  const all = [...(channels > 1 ? [widened] : []), ...layers];
  // The changes of weights are proportional to their gradients, unlike with Adam: an error of a gradient shows, and the
  // rounding of one near 0 does not.
  const optimizer = optimizerSchema.parse({ kind: "sgd" });
  return { network: networkSchema.parse({ name, layers: all }), windowLength, optimizer, learningRate: 0.1 };
}

export const sequenceNetworks: readonly PlanCase[] = [
  ...convolutions.map(({ time, in: channels, out, taps, stride, same, relu, dilation = 1, bias = true }) => {
    const name = `convolution ${time} × ${channels} → ${out}, ${taps} taps, stride ${stride}, dilation ${dilation}`;
    return network(`${name}${bias ? "" : ", no bias"}`, time, channels, [
      {
        id: "tested",
        kind: "conv1d",
        filters: out,
        kernelSize: taps,
        strides: stride,
        padding: same ? "same" : "valid",
        dilation,
        activation: relu ? "relu" : "linear",
        useBias: bias,
      },
      { id: "flat", kind: "flatten" },
    ]);
  }),
  ...poolings.flatMap(({ time, channels, pool: poolSize, strides, same }) =>
    (["max-pooling-1d", "average-pooling-1d"] as const).map((kind) => {
      const padding = same ? "same" : "valid";
      return network(`${kind} of ${poolSize}, ${time} × ${channels}, stride ${strides}, ${padding}`, time, channels, [
        { id: "tested", kind, poolSize, strides, padding },
        { id: "flat", kind: "flatten" },
      ]);
    }),
  ),
  ...layerNormalizations.map(({ time, channels }) =>
    network(`layer normalization ${time} × ${channels}`, time, channels, [
      { id: "tested", kind: "layer-normalization" },
      { id: "flat", kind: "flatten" },
    ]),
  ),
  network("padding, whole channels dropped, the largest of 43 × 21", 40, 21, [
    { id: "pad", kind: "zero-padding-1d", before: 3, after: 0 },
    { id: "dropped", kind: "spatial-dropout-1d", rate: 0.3 },
    { id: "leaky", kind: "leaky-relu", negativeSlope: 0.5 },
    { id: "largest", kind: "global-max-pooling-1d" },
  ]),
  network("a normalization before pooling that pads", 15, 6, [
    { id: "norm", kind: "batch-normalization" },
    { id: "pool", kind: "max-pooling-1d", poolSize: 4, padding: "same" },
    { id: "flat", kind: "flatten" },
  ]),
  network("a dense layer without bias on a sequence", 12, 4, [
    { id: "tested", kind: "dense", units: 5, activation: "swish", useBias: false },
    { id: "flat", kind: "flatten" },
  ]),
  ...normalizations.flatMap(({ time, channels, pool }) => [
    network(`normalization ${time} × ${channels}, largest of ${pool}`, time, channels, [
      { id: "tested", kind: "batch-normalization" },
      { id: "pool", kind: "max-pooling-1d", poolSize: pool },
      { id: "flat", kind: "flatten" },
    ]),
    network(`normalization ${time} × ${channels}, mean`, time, channels, [
      { id: "tested", kind: "batch-normalization" },
      { id: "average", kind: "global-average-pooling-1d" },
    ]),
  ]),
  // More values than a part of the work has, so that masks begin within a block of random numbers.
  network("dropout of 11 × 37", 37, 11, [
    { id: "tested", kind: "dropout", rate: 0.3 },
    { id: "flat", kind: "flatten" },
    { id: "dense", kind: "dense", units: 9, activation: "linear" },
    { id: "again", kind: "dropout", rate: 0.5 },
  ]),
  network("noise on 11 × 37", 37, 11, [
    { id: "tested", kind: "gaussian-noise", deviation: 0.4 },
    { id: "flat", kind: "flatten" },
    { id: "dense", kind: "dense", units: 9, activation: "linear" },
    { id: "again", kind: "gaussian-noise", deviation: 0.2 },
  ]),
];
