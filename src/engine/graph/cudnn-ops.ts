/**
 * LSTM and GRU by cuDNN on an NVIDIA GPU: one operation computes a whole layer over its sequence, another one its
 * gradient.
 *
 * cuDNN takes the weights of a layer as one vector: the kernel of each gate, the recurrent kernel of each gate, the
 * input bias of each gate, the state bias of each gate. Its kernels are [units, inputs], Keras' are [inputs, gates ·
 * units]. Source: NVIDIA's documentation of cudnnRNNForward and cudnnGetRNNWeightParams; Keras 3 packs them the same
 * way (backend/tensorflow/rnn.py).
 */
import type { RecurrentSpec } from "../../contract/domain/networks.ts";
import { dtypes, float32, type, type Attribute, type GraphBuilder, type Output } from "./graph-builder.ts";

export type CudnnCell = RecurrentSpec["kind"];

/** Sizes of a layer and of its input. */
export interface CudnnShape {
  time: number;
  batch: number;
  channels: number;
  units: number;
}

export interface CudnnForward {
  /** Hidden states, [time, batch, units]. */
  sequence: Output;
  /** Last hidden state, [batch, units]. */
  last: Output;
  /** Inputs of the gradient's operation, in its order. */
  inputs: readonly Output[];
  outputs: readonly Output[];
  reserved: readonly Output[];
}

/** Index of Keras' gates in cuDNN's order: the order of an LSTM is the same; in a GRU, cuDNN's first gate is reset. */
const gateOrder = { lstm: [0, 1, 2, 3], gru: [1, 0, 2] } as const;

/**
 * Adds the forward pass of a layer.
 * @param x [time, batch, channels]
 * @param weights in Keras' layout: kernel [channels, gates · units], recurrent kernel [units, gates · units], and bias:
 * [4 · units] of an LSTM, [2, 3 · units] of a GRU
 * @param training whether a gradient follows
 */
export function addCudnnForward(
  graph: GraphBuilder,
  cell: CudnnCell,
  shape: CudnnShape,
  { x, weights, training }: { x: Output; weights: readonly [Output, Output, Output]; training: boolean },
): CudnnForward {
  const { time, batch, units } = shape;
  const zeros = graph.zeros([1, batch, units]);
  const params = packWeights(graph, cell, shape, weights);
  // All sequences have full length.
  const lengths = graph.vector(Array.from({ length: batch }, () => time));
  const inputs = [x, zeros, cell === "lstm" ? zeros : graph.scalar(0), params, lengths];
  const node = graph.add("CudnnRNNV3", inputs, {
    ...attributesOf(cell),
    is_training: { kind: "bool", value: training },
  });
  const [lastHidden, lastState, reserve, hostReserved] = [1, 2, 3, 4].map((k) => `${node}:${k}`);
  return {
    sequence: node,
    last: reshape(graph, lastHidden, [batch, units]),
    inputs,
    outputs: [node, lastHidden, lastState],
    reserved: [reserve, hostReserved],
  };
}

/**
 * Adds the gradient of a layer.
 * @param gradient gradient with respect to all hidden states, [time, batch, units], or to the last one, [batch, units]
 * @returns gradients with respect to x, kernel, recurrent kernel and bias, each in the shape of its variable
 */
export function addCudnnBackward(
  graph: GraphBuilder,
  cell: CudnnCell,
  shape: CudnnShape,
  { inputs, outputs, reserved }: CudnnForward,
  gradient: { ofAll: Output } | { ofLast: Output },
): [Output, Output, Output, Output] {
  const { time, batch, units } = shape;
  const zeros = graph.zeros([1, batch, units]);
  const [ofAll, ofLast] =
    "ofAll" in gradient
      ? [gradient.ofAll, zeros]
      : [graph.zeros([time, batch, units]), reshape(graph, gradient.ofLast, [1, batch, units])];
  const ofState = cell === "lstm" ? zeros : graph.scalar(0);
  const given = [...inputs, ...outputs, ofAll, ofLast, ofState, ...reserved];
  const node = graph.add("CudnnRNNBackpropV3", given, attributesOf(cell));
  return [node, ...unpackWeights(graph, cell, shape, `${node}:3`)];
}

/** Packs the weights into cuDNN's vector. */
export function packWeights(
  graph: GraphBuilder,
  cell: CudnnCell,
  { channels, units }: CudnnShape,
  [kernel, recurrentKernel, bias]: readonly [Output, Output, Output],
): Output {
  const order = gateOrder[cell];
  const gates = order.length;
  const packedKernel = (weights: Output, inputs: number): Output => {
    const byGate = transpose(graph, reshape(graph, weights, [inputs, gates, units]), [1, 2, 0]);
    return reshape(graph, take(graph, byGate, order, 0), [-1]);
  };
  // Keras' LSTM has one bias; cuDNN's input bias is zero.
  const biases = cell === "lstm" ? concat(graph, [graph.zeros([gates * units]), bias]) : bias;
  const packedBias = reshape(graph, take(graph, reshape(graph, biases, [2, gates, units]), order, 1), [-1]);
  return concat(graph, [packedKernel(kernel, channels), packedKernel(recurrentKernel, units), packedBias]);
}

/** Reverses {@link packWeights}. @returns kernel, recurrent kernel and bias */
export function unpackWeights(
  graph: GraphBuilder,
  cell: CudnnCell,
  { channels, units }: CudnnShape,
  params: Output,
): [Output, Output, Output] {
  const order = gateOrder[cell];
  const gates = order.length;
  // Each order exchanges two gates at most, so it is its own inverse.
  const unpackedKernel = (packed: Output, inputs: number): Output => {
    const byGate = take(graph, reshape(graph, packed, [gates, units, inputs]), order, 0);
    return reshape(graph, transpose(graph, byGate, [2, 0, 1]), [inputs, gates * units]);
  };
  const sizes = [gates * units * channels, gates * units * units, gates * units, gates * units];
  const parts = graph.add("SplitV", [params, graph.vector(sizes), graph.integer(0)], {
    T: float32,
    Tlen: int32,
    num_split: { kind: "int", value: sizes.length },
  });
  const [kernel, recurrentKernel, ofInput, ofState] = [parts, `${parts}:1`, `${parts}:2`, `${parts}:3`];
  const biases = cell === "lstm" ? ofState : concat(graph, [ofInput, ofState]);
  const byGate = take(graph, reshape(graph, biases, [-1, gates, units]), order, 1);
  const bias = reshape(graph, byGate, cell === "lstm" ? [gates * units] : [2, gates * units]);
  return [unpackedKernel(kernel, channels), unpackedKernel(recurrentKernel, units), bias];
}

const int32 = type(dtypes.int32);

function attributesOf(cell: CudnnCell): Record<string, Attribute> {
  return { T: float32, rnn_mode: { kind: "string", value: cell }, time_major: { kind: "bool", value: true } };
}

function reshape(graph: GraphBuilder, x: Output, shape: readonly number[]): Output {
  return graph.add("Reshape", [x, graph.vector(shape)], { T: float32, Tshape: int32 });
}

function transpose(graph: GraphBuilder, x: Output, axes: readonly number[]): Output {
  return graph.add("Transpose", [x, graph.vector(axes)], { T: float32, Tperm: int32 });
}

/** Reorders the slices of an axis. */
function take(graph: GraphBuilder, x: Output, order: readonly number[], axis: number): Output {
  const indices = [x, graph.vector(order), graph.integer(axis)];
  return graph.add("GatherV2", indices, { Tparams: float32, Tindices: int32, Taxis: int32 });
}

function concat(graph: GraphBuilder, values: readonly Output[]): Output {
  const N: Attribute = { kind: "int", value: values.length };
  return graph.add("ConcatV2", [...values, graph.integer(0)], { T: float32, Tidx: int32, N });
}
