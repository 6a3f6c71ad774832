/**
 * Builds a TensorFlow graph node by node, and writes it as a SavedModel.
 *
 * Field numbers: tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape,types,versions}.proto and
 * tensorflow/core/protobuf/{meta_graph,saved_model}.proto.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as proto from "./protobuf.ts";
import { uniqueName } from "./unique-name.ts";

/** Output of a node: the node's name, with `:k` for outputs other than the first. */
export type Output = string;

/** Returns a control input: the node waits for another node without reading its output. */
export function after(output: Output): string {
  return `^${output.split(":")[0]}`;
}

/** TensorFlow's DataType. */
export const dtypes = { float32: 1, int32: 3, int64: 9, bool: 10, resource: 20, variant: 21 } as const;
export type Dtype = (typeof dtypes)[keyof typeof dtypes];

export type Attribute =
  | { kind: "type"; value: number }
  | { kind: "int"; value: number }
  | { kind: "float"; value: number }
  | { kind: "bool"; value: boolean }
  | { kind: "string"; value: string }
  | { kind: "shape"; value: readonly number[] }
  | { kind: "ints"; value: readonly number[] }
  | { kind: "types"; value: readonly number[] };

export const type = (value: number): Attribute => ({ kind: "type", value });
export const float32 = type(dtypes.float32);

/** GraphDef version that TensorFlow 2.9 and later read. */
const PRODUCER_VERSION = 1286;
export const TAG = "serve";

/** Signature of a graph for other programs, as `serving_default`. */
export interface Signature {
  inputs: readonly Endpoint[];
  output: Endpoint;
}

/** A float32 tensor of the graph. */
export interface Endpoint {
  /** Name of the signature's argument or result. */
  name: string;
  tensor: Output;
  /** -1: any size. */
  shape: readonly number[];
}

export class GraphBuilder {
  readonly #nodes: proto.Message[] = [];
  readonly #constants: { name: string; bytes: Uint8Array; of: string }[] = [];
  readonly #names = new Set<string>();
  #next = 0;

  /** Returns a name that no earlier call returned: the given one, or with a number behind it. */
  unique(name: string): string {
    return uniqueName(this.#names, name);
  }

  /** Adds a node. @returns its first output */
  add(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name = `${op}_${this.#next++}`,
  ): Output {
    // A NodeDef requires control inputs after all others.
    const ordered = [
      ...inputs.filter((input) => !input.startsWith("^")),
      ...inputs.filter((input) => input.startsWith("^")),
    ];
    const entries = Object.entries(attributes).flatMap(([key, value]) =>
      proto.message(5, [...proto.string(1, key), ...proto.message(2, encodeAttribute(value))]),
    );
    this.#push(name, op, ordered, entries);
    return name;
  }

  /** Adds a constant. @param of description of its value for error messages, see {@link constants} */
  constant(dtype: Dtype, shape: readonly number[], data: Uint8Array, of = "a constant"): Output {
    const name = `Const_${this.#next++}`;
    const tensor = [...proto.integer(1, dtype), ...proto.message(2, encodeShape(shape)), ...proto.bytes(4, data)];
    const entries = [
      ...proto.message(5, [...proto.string(1, "dtype"), ...proto.message(2, proto.integer(6, dtype))]),
      ...proto.message(5, [...proto.string(1, "value"), ...proto.message(2, proto.message(8, tensor))]),
    ];
    this.#push(name, "Const", [], entries);
    this.#constants.push({ name, bytes: data, of });
    return name;
  }

  scalar(value: number): Output {
    return this.constant(dtypes.float32, [], bytesOf(Float32Array.of(value)));
  }

  /** Adds an int32 constant. */
  integer(value: number): Output {
    return this.constant(dtypes.int32, [], bytesOf(Int32Array.of(value)));
  }

  /** Adds a vector of int32 constants. */
  vector(values: readonly number[]): Output {
    return this.constant(dtypes.int32, [values.length], bytesOf(Int32Array.from(values)));
  }

  /** Adds a float32 tensor of zeros. */
  zeros(shape: readonly number[]): Output {
    return this.add("Fill", [this.vector(shape), this.scalar(0)], { T: float32, index_type: type(dtypes.int32) });
  }

  placeholder(name: string, dtype: Dtype, shape: readonly number[]): Output {
    return this.add("Placeholder", [], { dtype: type(dtype), shape: { kind: "shape", value: shape } }, name);
  }

  /** Adds the handle of a variable, by its shared name. */
  variable(name: string, shape: readonly number[]): Output {
    return this.add(
      "VarHandleOp",
      [],
      { dtype: float32, shape: { kind: "shape", value: shape }, shared_name: { kind: "string", value: name } },
      name,
    );
  }

  read(handle: Output, ...control: string[]): Output {
    return this.add("ReadVariableOp", [handle, ...control], { dtype: float32 });
  }

  assign(handle: Output, value: Output, ...control: string[]): Output {
    return this.add("AssignVariableOp", [handle, value, ...control], { dtype: float32 });
  }

  /** Adds an output that is available only after all nodes of `done`. */
  resultAfter(name: string, value: Output, dtype: Dtype, done: readonly Output[]): Output {
    return this.add("Identity", [value, ...done.map(after)], { T: type(dtype) }, name);
  }

  /** Constants, in the order in which they were added. */
  get constants(): readonly { name: string; bytes: Uint8Array; of: string }[] {
    return this.#constants;
  }

  get size(): number {
    return this.#nodes.length;
  }

  /** Writes `saved_model.pb` into a folder. @param signature for other programs */
  save(folder: string, signature?: Signature): void {
    const graph = [...this.#nodes.flat(), ...proto.message(4, proto.integer(1, PRODUCER_VERSION))];
    const metaGraph = [
      ...proto.message(1, proto.string(4, TAG)),
      ...proto.message(2, graph),
      ...(signature === undefined ? [] : proto.message(5, encodeSignature(signature))),
    ];
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "saved_model.pb"),
      proto.encode([...proto.integer(1, 1), ...proto.message(2, metaGraph)]),
    );
  }

  #push(name: string, op: string, inputs: readonly string[], attributes: proto.Message): void {
    this.#nodes.push(
      proto.message(1, [
        ...proto.string(1, name),
        ...proto.string(2, op),
        ...inputs.flatMap((input) => proto.string(3, input)),
        ...attributes,
      ]),
    );
  }
}

export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function encodeAttribute(attribute: Attribute): proto.Message {
  switch (attribute.kind) {
    case "string":
      return proto.string(2, attribute.value);
    case "int":
      return proto.integer(3, attribute.value);
    case "float":
      return proto.float(4, attribute.value);
    case "bool":
      return proto.bool(5, attribute.value);
    case "type":
      return proto.integer(6, attribute.value);
    case "shape":
      return proto.message(7, encodeShape(attribute.value));
    case "ints":
      return proto.message(1, proto.integers(3, attribute.value));
    case "types":
      return proto.message(1, proto.integers(6, attribute.value));
  }
}

function encodeSignature({ inputs, output }: Signature): proto.Message {
  const entry = (field: number, { name, tensor, shape }: Endpoint): proto.Message =>
    proto.message(field, [
      ...proto.string(1, name),
      ...proto.message(2, [
        ...proto.string(1, tensor.includes(":") ? tensor : `${tensor}:0`),
        ...proto.integer(2, dtypes.float32),
        ...proto.message(3, encodeShape(shape)),
      ]),
    ]);
  const definition = [
    ...inputs.flatMap((input) => entry(1, input)),
    ...entry(2, output),
    ...proto.string(3, "tensorflow/serving/predict"),
  ];
  return [...proto.string(1, "serving_default"), ...proto.message(2, definition)];
}

function encodeShape(shape: readonly number[]): proto.Message {
  return shape.flatMap((size) => proto.message(2, proto.integer(1, size)));
}
