/**
 * A trained network as an ONNX model (https://onnx.ai, operator set 17). Inputs: those that the network uses, named by
 * `exportedInputs`; output `probabilities`: [batch, classes]. Field numbers: onnx/onnx.proto.
 *
 * ONNX puts channels before samples: convolution and pooling are placed between two transpositions.
 */
import {
  layerDefaults,
  type Activation,
  type LayerSpec,
  type Padding,
  type RecurrentSpec,
} from "../../contract/domain/networks.ts";
import * as proto from "../graph/protobuf.ts";
import { hasBias } from "../networks/bias.ts";
import { dilationOf, placeWindows, windowsOf, type ConvolutionLayer } from "../networks/windows.ts";
import { inputsOf, outputLayer } from "../networks/wiring.ts";
import { OnnxGraph, valueInfo, type Attribute, type Value } from "./onnx-graph.ts";
import { concatenated, foldedNormalization, splitColumns, transposed } from "./weight-layouts.ts";
import { exportedInputs, type ExportedInput } from "./exported-inputs.ts";
import { weightOf, type TrainedModel } from "./trained-model.ts";

const IR_VERSION = 8;
const OPERATOR_SET = 17;

/**
 * Encodes a model: one network, or the members of an ensemble, whose probabilities are averaged.
 * @param about keys and values of the model's metadata
 */
export function encodeOnnx(models: readonly TrainedModel[], about: Readonly<Record<string, string>>): Uint8Array {
  const graph = new OnnxGraph();
  const [model] = models;
  const inputs = exportedInputs(model);
  const logits = models.map((member) => addNetwork(graph, member, inputs));
  if (logits.length === 1) graph.node("Softmax", logits, { axis: -1 }, ["probabilities"]);
  else {
    const each = logits.map((of) => graph.node("Softmax", [of], { axis: -1 }));
    graph.node("Mean", each, {}, ["probabilities"]);
  }
  const description = graph.encode(
    inputs.map(({ name, shape }) => valueInfo(name, ["batch", ...shape])),
    valueInfo("probabilities", ["batch", model.shape.classes]),
  );
  return proto.encode([
    ...proto.integer(1, IR_VERSION),
    ...proto.string(2, "Ectopy"),
    ...proto.message(7, description),
    ...proto.message(8, proto.integer(2, OPERATOR_SET)),
    ...Object.entries(about).flatMap(([key, value]) =>
      proto.message(14, [...proto.string(1, key), ...proto.string(2, value)]),
    ),
  ]);
}

/** @returns the logits */
function addNetwork(
  graph: OnnxGraph,
  model: TrainedModel,
  inputs: readonly Pick<ExportedInput, "id" | "name">[],
): Value {
  const { layers } = model.spec;
  const values = new Map<string, Value>(inputs.map(({ id, name }) => [id, name]));
  layers.forEach((layer, i) => {
    const given = inputsOf(layers, i).map((id) => values.get(id)!);
    values.set(layer.id, addLayer(graph, model, layer, given));
  });
  return addLayer(graph, model, outputLayer(model.shape), [values.get(layers.at(-1)!.id)!]);
}

function addLayer(graph: OnnxGraph, model: TrainedModel, layer: LayerSpec, inputs: readonly Value[]): Value {
  const [x] = inputs;
  const constant = (name: string): Value => {
    const { shape, values } = weightOf(model, layer.id, name);
    return graph.constant(shape, values);
  };
  /** Applies an operation with channels first. */
  const alongSamples = (op: (x: Value) => Value): Value =>
    graph.node("Transpose", [op(graph.node("Transpose", [x], { perm: [0, 2, 1] }))], { perm: [0, 2, 1] });
  switch (layer.kind) {
    case "dense": {
      const product = graph.node("MatMul", [x, constant("kernel")]);
      const sum = hasBias(layer) ? graph.node("Add", [product, constant("bias")]) : product;
      return addActivation(graph, sum, layer.activation);
    }
    case "conv1d": {
      const { shape, values } = weightOf(model, layer.id, "kernel");
      const kernel = graph.constant([...shape].reverse(), transposed(values, shape));
      const settings = {
        kernel_shape: [layer.kernelSize],
        strides: [layer.strides],
        dilations: [dilationOf(layer)],
        ...paddingOf(layer),
      };
      const bias = hasBias(layer) ? [constant("bias")] : [];
      const convolved = alongSamples((x) => graph.node("Conv", [x, kernel, ...bias], settings));
      return addActivation(graph, convolved, layer.activation);
    }
    case "zero-padding-1d": {
      const pads = BigInt64Array.from([0, layer.before, 0, 0, layer.after, 0], BigInt);
      return graph.node("Pad", [x, graph.constant([pads.length], pads)]);
    }
    case "batch-normalization": {
      const { scale, shift } = foldedNormalization(model, layer.id);
      const scaled = graph.node("Mul", [x, graph.constant([scale.length], scale)]);
      return graph.node("Add", [scaled, graph.constant([shift.length], shift)]);
    }
    case "layer-normalization": {
      const settings = { axis: -1, epsilon: { float: layer.epsilon ?? layerDefaults.epsilon } };
      return graph.node("LayerNormalization", [x, constant("gamma"), constant("beta")], settings);
    }
    case "activation":
      return addActivation(graph, x, layer.activation);
    case "leaky-relu":
      return graph.node("LeakyRelu", [x], { alpha: { float: layer.negativeSlope ?? layerDefaults.negativeSlope } });
    case "dropout":
    case "gaussian-noise":
    case "spatial-dropout-1d":
      return x;
    case "max-pooling-1d":
    case "average-pooling-1d": {
      const { size, strides, padding } = windowsOf(layer);
      const settings = { kernel_shape: [size], strides: [strides], auto_pad: autoPad(padding) };
      const op = layer.kind === "max-pooling-1d" ? "MaxPool" : "AveragePool";
      return alongSamples((x) => graph.node(op, [x], settings));
    }
    case "global-max-pooling-1d":
      return graph.node("ReduceMax", [x], { axes: [1], keepdims: 0 });
    case "global-average-pooling-1d":
      return graph.node("ReduceMean", [x], { axes: [1], keepdims: 0 });
    case "flatten":
      return graph.node("Flatten", [x], { axis: 1 });
    case "lstm":
    case "gru":
      return addRecurrence(graph, model, x, { layer: layer.id, recurrence: layer, prefixes: [""] });
    case "bidirectional": {
      const { kind } = layer.layer;
      const prefixes = [`forward_${kind}/`, `backward_${kind}/`];
      const both = addRecurrence(graph, model, x, { layer: layer.id, recurrence: layer.layer, prefixes });
      if (layer.merge === "concat") return both;
      const [forward, backward] = halves(graph, both);
      if (layer.merge === "multiply") return graph.node("Mul", [forward, backward]);
      const sum = graph.node("Add", [forward, backward]);
      return layer.merge === "sum" ? sum : graph.node("Mul", [sum, graph.scalar(0.5)]);
    }
    case "concatenate":
      return graph.node("Concat", inputs, { axis: -1 });
    case "add":
      return graph.node("Sum", inputs);
  }
}

/** onnxruntime computes no padding of dilated convolutions. Theirs does not depend on the length, without strides. */
function paddingOf(layer: ConvolutionLayer): Record<string, Attribute> {
  if (dilationOf(layer) === 1 || layer.padding === "valid") return { auto_pad: autoPad(layer.padding) };
  const windows = windowsOf(layer);
  const { before } = placeWindows(windows.size, windows);
  return { pads: [before, windows.size - 1 - before] };
}

function autoPad(padding: Padding): string {
  return padding === "same" ? "SAME_UPPER" : "VALID";
}

function halves(graph: OnnxGraph, both: Value): [Value, Value] {
  const names: [Value, Value] = [`${both}_forward`, `${both}_backward`];
  graph.node("Split", [both], { axis: -1 }, names);
  return names;
}

/** Index of Keras' gates in ONNX' order: input, output, forget, cell; and update, reset, state. */
const gateOrder = { lstm: [0, 3, 1, 2], gru: [0, 1, 2] } as const;

/**
 * Adds a recurrent layer of one or two prefixes.
 * @returns states, forward before backward: [batch, samples, units · directions] or [batch, units · directions]
 */
function addRecurrence(
  graph: OnnxGraph,
  model: TrainedModel,
  x: Value,
  { layer, recurrence: { kind, units, returnSequences }, prefixes }: RecurrenceOptions,
): Value {
  const order = gateOrder[kind];
  const gates = order.length;
  const columnsOf = (name: string): Float32Array => {
    const { shape, values } = weightOf(model, layer, name);
    return splitColumns(values, shape, gates, order);
  };
  const stacked = (name: string, inputs: number): Value => {
    const values = prefixes.map((direction) => columnsOf(`${direction}${name}`));
    return graph.constant([prefixes.length, gates * units, inputs], concatenated(values));
  };
  const inputs = weightOf(model, layer, `${prefixes[0]}kernel`).shape[0];
  // Two biases, for input and state; Keras' LSTM has only the first.
  const biases = prefixes.map((direction) => {
    const { shape, values } = weightOf(model, layer, `${direction}bias`);
    const rows = shape.length === 2 ? [values.subarray(0, gates * units), values.subarray(gates * units)] : [values];
    const ordered = rows.map((row) => splitColumns(row, [1, gates * units], gates, order));
    return concatenated(ordered.length === 2 ? ordered : [...ordered, new Float32Array(gates * units)]);
  });
  const timeFirst = graph.node("Transpose", [x], { perm: [1, 0, 2] });
  const name = graph.unique(`${layer}_states`);
  const outputs = returnSequences ? [name] : ["", name];
  graph.node(
    kind === "lstm" ? "LSTM" : "GRU",
    [
      timeFirst,
      stacked("kernel", inputs),
      stacked("recurrent_kernel", units),
      graph.constant([prefixes.length, 2 * gates * units], concatenated(biases)),
    ],
    {
      hidden_size: units,
      direction: prefixes.length === 2 ? "bidirectional" : "forward",
      ...(kind === "gru" ? { linear_before_reset: 1 } : {}),
    },
    outputs,
  );
  // [samples, directions, batch, units], or [directions, batch, units].
  const shape = returnSequences ? [0, 0, prefixes.length * units] : [0, prefixes.length * units];
  const batchFirst = graph.node("Transpose", [name], { perm: returnSequences ? [2, 0, 1, 3] : [1, 0, 2] });
  return graph.node("Reshape", [batchFirst, graph.constant([shape.length], BigInt64Array.from(shape, BigInt))]);
}

interface RecurrenceOptions {
  /** Id of the layer. */
  layer: string;
  recurrence: RecurrentSpec;
  /** Prefixes of the weights' names, one for each direction, forward first. */
  prefixes: readonly string[];
}

function addActivation(graph: OnnxGraph, x: Value, activation: Activation): Value {
  switch (activation) {
    case "linear":
      return x;
    case "relu":
      return graph.node("Relu", [x]);
    case "elu":
      return graph.node("Elu", [x]);
    case "selu":
      return graph.node("Selu", [x]);
    case "gelu": {
      // x/2 · (1 + erf(x/√2))
      const erf = graph.node("Erf", [graph.node("Mul", [x, graph.scalar(Math.SQRT1_2)])]);
      const half = graph.node("Mul", [x, graph.scalar(0.5)]);
      return graph.node("Mul", [half, graph.node("Add", [erf, graph.scalar(1)])]);
    }
    case "swish":
      return graph.node("Mul", [x, graph.node("Sigmoid", [x])]);
    case "tanh":
      return graph.node("Tanh", [x]);
    case "sigmoid":
      return graph.node("Sigmoid", [x]);
  }
}
