/**
 * A trained network as a TensorFlow SavedModel: a graph of TensorFlow's operations with the weights as constants, and
 * the signature `serving_default`. Inputs: those that the network uses, named by `exportedInputs`; output
 * `probabilities`: [batch, classes].
 */
import {
  layerDefaults,
  type Activation,
  type InputId,
  type LayerSpec,
  type MergeMode,
  type RecurrentSpec,
} from "../../contract/domain/networks.ts";
import {
  bytesOf,
  dtypes,
  float32,
  GraphBuilder,
  type as typeOf,
  type Attribute,
  type Output,
} from "../graph/graph-builder.ts";
import { int, loopOps, real } from "../graph/loop-ops.ts";
import { addWhileLoop } from "../graph/while-loop.ts";
import { hasBias } from "../networks/bias.ts";
import { dilationOf, windowsOf } from "../networks/windows.ts";
import { inputsOf, outputLayer } from "../networks/wiring.ts";
import { exportedInputs } from "./exported-inputs.ts";
import { weightOf, type TrainedModel } from "./trained-model.ts";
import { foldedNormalization } from "./weight-layouts.ts";

const int32 = typeOf(dtypes.int32);
const PROBABILITIES = "probabilities";

/**
 * Writes a model: one network, or the members of an ensemble, whose probabilities are averaged.
 * @param folder is created
 */
export function writeSavedModel(folder: string, models: readonly TrainedModel[]): void {
  const graph = new GraphBuilder();
  const [model] = models;
  const endpoints = exportedInputs(model).map(({ id, name, shape }) => {
    const whole = [-1, ...shape];
    return { id, name, tensor: graph.placeholder(name, dtypes.float32, whole), shape: whole };
  });
  const logits = models.map((member) => addNetwork(graph, member, endpoints));
  const probabilities =
    logits.length === 1
      ? graph.add("Softmax", logits, { T: float32 }, PROBABILITIES)
      : addMean(
          graph,
          logits.map((of) => graph.add("Softmax", [of], { T: float32 })),
        );
  graph.save(folder, {
    inputs: endpoints,
    output: { name: PROBABILITIES, tensor: probabilities, shape: [-1, model.shape.classes] },
  });
}

/** @returns the logits */
function addNetwork(
  graph: GraphBuilder,
  model: TrainedModel,
  inputs: readonly { id: InputId; tensor: Output }[],
): Output {
  const { layers } = model.spec;
  const values = new Map<string, Output>(inputs.map(({ id, tensor }) => [id, tensor]));
  layers.forEach((layer, i) => {
    const given = inputsOf(layers, i).map((id) => values.get(id)!);
    values.set(layer.id, addLayer(graph, model, layer, given));
  });
  return addLayer(graph, model, outputLayer(model.shape), [values.get(layers.at(-1)!.id)!]);
}

function addMean(graph: GraphBuilder, members: readonly Output[]): Output {
  const sum = graph.add("AddN", members, { T: float32, N: { kind: "int", value: members.length } });
  return graph.add("Mul", [sum, graph.scalar(1 / members.length)], { T: float32 }, PROBABILITIES);
}

function addLayer(graph: GraphBuilder, model: TrainedModel, layer: LayerSpec, inputs: readonly Output[]): Output {
  const [x] = inputs;
  const ops = layerOps(graph);
  const constant = (name: string): Output => ops.weight(model, layer.id, name);
  const biased = (sum: Output, layer: Parameters<typeof hasBias>[0]): Output =>
    hasBias(layer) ? ops.add(sum, constant("bias")) : sum;
  switch (layer.kind) {
    case "dense":
      return addActivation(graph, biased(ops.product(x, constant("kernel")), layer), layer.activation);
    case "conv1d": {
      const { shape, values } = weightOf(model, layer.id, "kernel");
      // A sequence is an image of one row for TensorFlow's convolutions.
      const kernel = ops.constant([1, ...shape], values);
      const convolved = ops.asImage(x, (x) =>
        graph.add("Conv2D", [x, kernel], {
          T: float32,
          strides: { kind: "ints", value: [1, 1, layer.strides, 1] },
          dilations: { kind: "ints", value: [1, 1, dilationOf(layer), 1] },
          padding: { kind: "string", value: layer.padding.toUpperCase() },
        }),
      );
      return addActivation(graph, biased(convolved, layer), layer.activation);
    }
    case "zero-padding-1d": {
      const zeros = Int32Array.of(0, 0, layer.before, layer.after, 0, 0);
      const paddings = graph.constant(dtypes.int32, [3, 2], bytesOf(zeros));
      return graph.add("Pad", [x, paddings], { T: float32, Tpaddings: int32 });
    }
    case "batch-normalization": {
      const { scale, shift } = foldedNormalization(model, layer.id);
      return ops.add(ops.mul(x, ops.constant([scale.length], scale)), ops.constant([shift.length], shift));
    }
    case "layer-normalization": {
      const distance = ops.sub(x, ops.reduced("Mean", x, -1, true));
      const variance = ops.reduced("Mean", ops.mul(distance, distance), -1, true);
      const epsilon = graph.scalar(layer.epsilon ?? layerDefaults.epsilon);
      const inverse = graph.add("Rsqrt", [ops.add(variance, epsilon)], { T: float32 });
      return ops.add(ops.mul(ops.mul(distance, inverse), constant("gamma")), constant("beta"));
    }
    case "activation":
      return addActivation(graph, x, layer.activation);
    case "leaky-relu":
      return graph.add("LeakyRelu", [x], {
        T: float32,
        alpha: { kind: "float", value: layer.negativeSlope ?? layerDefaults.negativeSlope },
      });
    case "dropout":
    case "gaussian-noise":
    case "spatial-dropout-1d":
      return x;
    case "max-pooling-1d":
    case "average-pooling-1d": {
      const { size, strides, padding } = windowsOf(layer);
      return ops.asImage(x, (x) =>
        graph.add(layer.kind === "max-pooling-1d" ? "MaxPool" : "AvgPool", [x], {
          T: float32,
          ksize: { kind: "ints", value: [1, 1, size, 1] },
          strides: { kind: "ints", value: [1, 1, strides, 1] },
          padding: { kind: "string", value: padding.toUpperCase() },
        }),
      );
    }
    case "global-max-pooling-1d":
      return ops.reduced("Max", x, 1, false);
    case "global-average-pooling-1d":
      return ops.reduced("Mean", x, 1, false);
    case "flatten": {
      const shape = graph.add("Shape", [x], { T: float32, out_type: int32 });
      const batch = ops.first(shape);
      const rest = graph.add("Pack", [batch, graph.integer(-1)], { T: int32, N: { kind: "int", value: 2 } });
      return graph.add("Reshape", [x, rest], { T: float32, Tshape: int32 });
    }
    case "lstm":
    case "gru":
      return addRecurrence(graph, model, x, { layer: layer.id, recurrence: layer, prefix: "", backwards: false });
    case "bidirectional": {
      const { kind } = layer.layer;
      const common = { layer: layer.id, recurrence: layer.layer };
      const forward = addRecurrence(graph, model, x, { ...common, prefix: `forward_${kind}/`, backwards: false });
      const backward = addRecurrence(graph, model, x, { ...common, prefix: `backward_${kind}/`, backwards: true });
      return merged(graph, layer.merge, forward, backward);
    }
    case "concatenate":
      return ops.concat(inputs, graph.integer(-1));
    case "add":
      return graph.add("AddN", inputs, { T: float32, N: { kind: "int", value: inputs.length } });
  }
}

function merged(graph: GraphBuilder, merge: MergeMode, forward: Output, backward: Output): Output {
  const ops = layerOps(graph);
  switch (merge) {
    case "concat":
      return ops.concat([forward, backward], graph.integer(-1));
    case "multiply":
      return ops.mul(forward, backward);
    case "sum":
      return ops.add(forward, backward);
    case "average":
      return ops.mul(ops.add(forward, backward), graph.scalar(0.5));
  }
}

interface RecurrenceOptions {
  /** Id of the layer. */
  layer: string;
  recurrence: RecurrentSpec;
  /** Prefix of the weights' names. */
  prefix: string;
  /** Whether the sequence is read from its end. */
  backwards: boolean;
}

/**
 * Adds a recurrent layer of one direction.
 * @returns states, [batch, samples, units], or the last one, [batch, units]
 */
function addRecurrence(
  graph: GraphBuilder,
  model: TrainedModel,
  x: Output,
  { layer, recurrence: { kind, units, returnSequences }, prefix, backwards }: RecurrenceOptions,
): Output {
  const ops = layerOps(graph);
  const weight = (name: string): Output => ops.weight(model, layer, `${prefix}${name}`);
  const { shape, values } = weightOf(model, layer, `${prefix}bias`);
  const columns = shape.at(-1)!;
  // Keras' GRU has a second bias, for the state's product.
  const ofInput = ops.constant([columns], values.subarray(0, columns));
  const ofState = kind === "gru" ? ops.constant([columns], values.subarray(columns)) : null;
  const turn = (sequence: Output): Output =>
    backwards ? graph.add("ReverseV2", [sequence, graph.vector([0])], { T: float32, Tidx: int32 }) : sequence;
  const timeFirst = turn(ops.transposed(x, [1, 0, 2]));
  const product = ops.add(ops.product(timeFirst, weight("kernel")), ofInput);
  const sizes = graph.add("Shape", [product], { T: float32, out_type: int32 });
  const time = ops.first(sizes);
  const batch = ops.element(sizes, 1);
  const stateShape = graph.add("Pack", [batch, graph.integer(units)], { T: int32, N: { kind: "int", value: 2 } });
  const zeros = graph.add("Fill", [stateShape, graph.scalar(0)], { T: float32, index_type: int32 });
  const name = graph.unique(`${layer}/${prefix}loop`);
  const states = graph.add("TensorArrayV3", [time], {
    dtype: float32,
    element_shape: { kind: "shape", value: [-1, units] },
    dynamic_size: { kind: "bool", value: false },
    clear_after_read: { kind: "bool", value: true },
    identical_element_shapes: { kind: "bool", value: true },
    tensor_array_name: { kind: "string", value: name },
  });
  const [, flow, last] = addWhileLoop(graph, {
    name,
    start: [int(graph.integer(0)), real(`${states}:1`), real(zeros), ...(kind === "lstm" ? [real(zeros)] : [])],
    constant: [
      int(graph.integer(0)),
      int(graph.integer(1)),
      int(graph.vector([1])),
      int(time),
      real(product),
      real(weight("recurrent_kernel")),
      { value: states, dtype: dtypes.resource },
      real(ofState ?? zeros),
      real(graph.scalar(1)),
    ],
    condition: ([t], [, , , end]) => graph.add("Less", [t, end], { T: int32 }),
    body: ([t, flow, before, cell], [zero, one, oneVector, , product, kernel, states, ofState, unit]) => {
      const next = ops.addInt(t, one);
      const row = ops.row(product, t, next, zero, oneVector);
      const inner = ops.matMul(before, kernel);
      const written = (hidden: Output): Output =>
        returnSequences ? ops.write(states, t, hidden, flow) : graph.add("Identity", [flow], { T: float32 });
      if (kind === "lstm") {
        const [i, f, g, o] = ops.split(ops.add(row, inner), 4, one);
        const state = ops.add(ops.mul(ops.sigmoid(f), cell), ops.mul(ops.sigmoid(i), ops.tanh(g)));
        const hidden = ops.mul(ops.sigmoid(o), ops.tanh(state));
        return { next: [next, written(hidden), hidden, state], done: [] };
      }
      const [xUpdate, xReset, xState] = ops.split(row, 3, one);
      const [hUpdate, hReset, hState] = ops.split(ops.add(inner, ofState), 3, one);
      const update = ops.sigmoid(ops.add(xUpdate, hUpdate));
      const reset = ops.sigmoid(ops.add(xReset, hReset));
      const state = ops.tanh(ops.add(xState, ops.mul(reset, hState)));
      const hidden = ops.add(ops.mul(update, before), ops.mul(ops.sub(unit, update), state));
      return { next: [next, written(hidden), hidden], done: [] };
    },
  });
  if (!returnSequences) return last;
  const range = graph.add("Range", [graph.integer(0), time, graph.integer(1)], { Tidx: int32 });
  const all = graph.add("TensorArrayGatherV3", [states, range, flow], {
    dtype: float32,
    element_shape: { kind: "shape", value: [-1, units] },
  });
  return ops.transposed(turn(all), [1, 0, 2]);
}

function addActivation(graph: GraphBuilder, x: Output, activation: Activation): Output {
  const ops = layerOps(graph);
  const unary = (op: string): Output => graph.add(op, [x], { T: float32 });
  switch (activation) {
    case "linear":
      return x;
    case "relu":
      return unary("Relu");
    case "elu":
      return unary("Elu");
    case "selu":
      return unary("Selu");
    case "gelu": {
      // x/2 · (1 + erf(x/√2))
      const erf = graph.add("Erf", [ops.mul(x, graph.scalar(Math.SQRT1_2))], { T: float32 });
      return ops.mul(ops.mul(x, graph.scalar(0.5)), ops.add(erf, graph.scalar(1)));
    }
    case "swish":
      return ops.mul(x, unary("Sigmoid"));
    case "tanh":
      return unary("Tanh");
    case "sigmoid":
      return unary("Sigmoid");
  }
}

/** Returns functions that add the nodes of the layers. */
function layerOps(graph: GraphBuilder) {
  const ops = loopOps(graph);
  const constant = (shape: readonly number[], values: Float32Array): Output =>
    graph.constant(dtypes.float32, shape, bytesOf(values), "a weight");
  const element = (vector: Output, index: number): Output =>
    graph.add("GatherV2", [vector, graph.integer(index), graph.integer(0)], {
      Tparams: int32,
      Tindices: int32,
      Taxis: int32,
      batch_dims: { kind: "int", value: 0 },
    });
  return {
    ...ops,
    constant,
    weight: (model: TrainedModel, layer: string, name: string): Output => {
      const { shape, values } = weightOf(model, layer, name);
      return constant(shape, values);
    },
    /** x [..., inputs] · kernel [inputs, units] */
    product: (x: Output, kernel: Output): Output =>
      graph.add("BatchMatMulV2", [x, kernel], {
        T: float32,
        adj_x: { kind: "bool", value: false },
        adj_y: { kind: "bool", value: false },
      }),
    transposed: (x: Output, axes: readonly number[]): Output =>
      graph.add("Transpose", [x, graph.vector(axes)], { T: float32, Tperm: int32 }),
    /** The mean or the largest value along an axis. */
    reduced: (op: "Mean" | "Max", x: Output, axis: number, keep: boolean): Output =>
      graph.add(op, [x, graph.vector([axis])], { T: float32, Tidx: int32, keep_dims: { kind: "bool", value: keep } }),
    element,
    first: (vector: Output): Output => element(vector, 0),
    /** Applies an operation to a sequence [batch, samples, channels] as an image of one row, and returns a sequence. */
    asImage: (x: Output, op: (image: Output) => Output): Output => {
      const image = graph.add("ExpandDims", [x, graph.integer(1)], { T: float32, Tdim: int32 });
      const squeezed: Record<string, Attribute> = { T: float32, squeeze_dims: { kind: "ints", value: [1] } };
      return graph.add("Squeeze", [op(image)], squeezed);
    },
  };
}
