/**
 * Records what TensorFlow does op by op as nodes of a graph.
 *
 * While a function runs, the backend's native binding is stood in for by one that calls through and writes down every op, its
 * attributes, inputs and outputs. Tensors that are known (weights, the batch) become the nodes they stand for; tensors made
 * in JavaScript become constants.
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { nodeBackend, type Binding, type OpAttribute } from "../tensorflow/binding.ts";
import { bytesOf, dtypes, type Attribute, type Dtype, type GraphBuilder, type Output } from "./graph-builder.ts";

export interface Recorder {
  readonly graph: GraphBuilder;
  /** The node that a tensor of the recording stands for. */
  outputOf(tensor: Tensor): Output;
  /** Whether it was known before the recording, as weights and the batch are. */
  isGiven(tensor: Tensor): boolean;
  /** A tensor of zeros that stands for a node added by hand: what is computed of it is recorded, its values don't matter. */
  standIn(shape: readonly number[], output: Output): Tensor;
}

/**
 * @param known tensors, and the nodes they stand for
 * @param work is recorded; what it returns is returned
 */
export function record<T>(
  tf: TensorFlow,
  graph: GraphBuilder,
  known: readonly (readonly [Tensor, Output])[],
  work: (recorder: Recorder) => T,
): T {
  const backend = nodeBackend(tf);
  const { binding } = backend;
  const idOf = (tensor: Tensor): number => backend.getInputTensorIds([tensor])[0];
  const outputs = new Map<number, Output>(known.map(([tensor, output]) => [idOf(tensor), output]));
  const given = new Set(outputs.keys());
  const find = (id: number, op: string): Output => {
    const output = outputs.get(id);
    if (output === undefined) throw new Error(`${op} takes a tensor that was made before the recording.`);
    return output;
  };

  const recording = Object.create(binding) as Binding;
  const replace = <K extends keyof Binding>(key: K, value: Binding[K]): void => {
    // The native object's properties are read-only: plain assignment would fail without a word.
    Object.defineProperty(recording, key, { value });
  };
  replace("createTensor", (shape, dtype, values) => {
    const id = binding.createTensor(shape, dtype, values);
    outputs.set(id, graph.constant(dtype as Dtype, shape, bytesOf(asTyped(dtype, values))));
    return id;
  });
  replace("executeOp", (op, attributes, inputIds, count) => {
    const handles = binding.executeOp(op, attributes, inputIds, count);
    const inputs = inputIds.map((id) => find(id, op));
    const node = graph.add(op, inputs, { ...toAttributes(binding, attributes), ...unnamed(op, inputs.length) });
    handles.forEach(({ id }, k) => outputs.set(id, k === 0 ? node : `${node}:${k}`));
    return handles;
  });

  backend.binding = recording;
  try {
    return work({
      graph,
      isGiven: (tensor) => given.has(idOf(tensor)),
      outputOf: (tensor) => find(idOf(tensor), "The result"),
      standIn: (shape, output) => {
        // Made aside, or the zeros themselves would become a constant of the graph.
        backend.binding = binding;
        try {
          const tensor = tf.zeros([...shape]);
          outputs.set(idOf(tensor), output);
          return tensor;
        } finally {
          backend.binding = recording;
        }
      },
    });
  } finally {
    backend.binding = binding;
  }
}

/** Attributes that an eager op infers from its inputs and a graph must name. */
function unnamed(op: string, inputs: number): Record<string, Attribute> {
  switch (op) {
    case "Pack":
    case "AddN":
      return { N: { kind: "int", value: inputs } };
    case "ConcatV2":
      return { N: { kind: "int", value: inputs - 1 } };
    case "Fill":
      return { index_type: { kind: "type", value: dtypes.int32 } };
    default:
      return {};
  }
}

function toAttributes(binding: Binding, attributes: readonly OpAttribute[]): Record<string, Attribute> {
  return Object.fromEntries(attributes.map((attribute) => [attribute.name, toAttribute(binding, attribute)]));
}

/** The binding's own types are numbers, values are whatever the kernels pass: each kind is checked by its type. */
function toAttribute(binding: Binding, { name, type, value }: OpAttribute): Attribute {
  if (type === binding.TF_ATTR_TYPE) return { kind: "type", value: value as number };
  if (type === binding.TF_ATTR_BOOL) return { kind: "bool", value: value as boolean };
  if (type === binding.TF_ATTR_FLOAT) return { kind: "float", value: value as number };
  if (type === binding.TF_ATTR_STRING) return { kind: "string", value: value as string };
  if (type === binding.TF_ATTR_SHAPE) return { kind: "shape", value: value as number[] };
  if (type === binding.TF_ATTR_INT) {
    return Array.isArray(value) ? { kind: "ints", value: value as number[] } : { kind: "int", value: value as number };
  }
  throw new Error(`The attribute ${name} is of a kind that can't be recorded.`);
}

function asTyped(dtype: number, values: ArrayLike<number>): ArrayBufferView {
  switch (dtype) {
    case dtypes.float32:
      return Float32Array.from(values);
    case dtypes.int32:
      return Int32Array.from(values);
    case dtypes.bool:
      return Uint8Array.from(values);
    case dtypes.int64:
      return BigInt64Array.from(Array.from(values), (value) => BigInt(value));
    default:
      throw new Error(`A constant of type ${dtype} can't be recorded.`);
  }
}
