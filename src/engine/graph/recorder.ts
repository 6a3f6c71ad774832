/**
 * Records TensorFlow's operations as nodes of a graph.
 *
 * While a function runs, a recording binding replaces the backend's native one. It executes every operation and records
 * its attributes, inputs and outputs. Known tensors (weights, the batch) become their nodes; tensors made in JavaScript
 * become constants.
 */
import type { Tensor } from "@tensorflow/tfjs-node-gpu";
import type { TensorFlow } from "../tensorflow/tensorflow.ts";
import { nodeBackend, type Binding, type OpAttribute } from "../tensorflow/binding.ts";
import { bytesOf, dtypes, type Attribute, type Dtype, type GraphBuilder, type Output } from "./graph-builder.ts";

export interface Recorder {
  readonly graph: GraphBuilder;
  /** Returns the node of a recorded tensor. */
  outputOf(tensor: Tensor): Output;
  /**
   * Returns a tensor of zeros that represents a node added by hand. Operations on it are recorded; its values don't
   * matter.
   */
  standIn(shape: readonly number[], output: Output): Tensor;
}

/**
 * Records a function.
 * @param known known tensors and their nodes
 * @param work recorded function
 * @returns result of `work`
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
  const find = (id: number, op: string): Output => {
    const output = outputs.get(id);
    if (output === undefined) throw new Error(`${op} takes a tensor that was made before the recording.`);
    return output;
  };

  const recording = Object.create(binding) as Binding;
  const replace = <K extends keyof Binding>(key: K, value: Binding[K]): void => {
    // The native object's properties are read-only: plain assignment would fail silently.
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
    const node = graph.add(op, inputs, {
      ...toAttributes(binding, attributes),
      ...inferredAttributes(op, inputs.length),
    });
    handles.forEach(({ id }, k) => outputs.set(id, k === 0 ? node : `${node}:${k}`));
    return handles;
  });

  backend.binding = recording;
  try {
    return work({
      graph,
      outputOf: (tensor) => find(idOf(tensor), "The result"),
      standIn: (shape, output) => {
        // Made by the native binding: recorded zeros would become a constant of the graph.
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

/** Returns the attributes that an eager operation infers from its inputs, and that a graph must name. */
function inferredAttributes(op: string, inputs: number): Record<string, Attribute> {
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

/** Converts an attribute of the binding: its type is a number, and its value is checked by that type. */
function toAttribute(binding: Binding, { name, type, value }: OpAttribute): Attribute {
  if (type === binding.TF_ATTR_TYPE) return { kind: "type", value: value as number };
  if (type === binding.TF_ATTR_BOOL) return { kind: "bool", value: value as boolean };
  if (type === binding.TF_ATTR_FLOAT) return { kind: "float", value: value as number };
  if (type === binding.TF_ATTR_STRING) return { kind: "string", value: value as string };
  if (type === binding.TF_ATTR_SHAPE) return { kind: "shape", value: value as number[] };
  if (type === binding.TF_ATTR_INT) {
    return Array.isArray(value) ? { kind: "ints", value: value as number[] } : { kind: "int", value: value as number };
  }
  throw new Error(`The attribute ${name} has a type that can't be recorded.`);
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
