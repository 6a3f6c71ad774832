/** Builds the graph of an ONNX model node by node. Field numbers: onnx/onnx.proto. */
import { bytesOf } from "../graph/graph-builder.ts";
import * as proto from "../graph/protobuf.ts";
import { uniqueName } from "../graph/unique-name.ts";

const FLOAT = 1;
const INT64 = 7;

/** A tensor by its name in the graph. */
export type Value = string;
export type Attribute = number | readonly number[] | string | readonly string[] | { float: number };

export class OnnxGraph {
  readonly #nodes: proto.Message[] = [];
  readonly #initializers: proto.Message[] = [];
  readonly #names = new Set<string>();
  #next = 0;

  /** Returns a name that no earlier call returned: the given one, or with a number behind it. */
  unique(name: string): string {
    return uniqueName(this.#names, name);
  }

  /** Adds a node. @returns its first output */
  node(
    op: string,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
    outputs?: Value[],
  ): Value {
    const name = `${op}_${this.#next++}`;
    const given = outputs ?? [name];
    this.#nodes.push([
      ...inputs.flatMap((input) => proto.string(1, input)),
      ...given.flatMap((output) => proto.string(2, output)),
      ...proto.string(3, name),
      ...proto.string(4, op),
      ...Object.entries(attributes).flatMap(([key, value]) => proto.message(5, encodeAttribute(key, value))),
    ]);
    return given.find((output) => output !== "")!;
  }

  constant(shape: readonly number[], values: Float32Array | BigInt64Array): Value {
    const name = `weight_${this.#initializers.length}`;
    this.#initializers.push([
      ...shape.flatMap((size) => proto.integer(1, size)),
      ...proto.integer(2, values instanceof Float32Array ? FLOAT : INT64),
      ...proto.string(8, name),
      ...proto.bytes(9, bytesOf(values)),
    ]);
    return name;
  }

  scalar(value: number): Value {
    return this.constant([], Float32Array.of(value));
  }

  encode(inputs: readonly proto.Message[], output: proto.Message): proto.Message {
    return [
      ...this.#nodes.flatMap((node) => proto.message(1, node)),
      ...proto.string(2, "network"),
      ...this.#initializers.flatMap((tensor) => proto.message(5, tensor)),
      ...inputs.flatMap((input) => proto.message(11, input)),
      ...proto.message(12, output),
    ];
  }
}

function encodeAttribute(name: string, value: Attribute): proto.Message {
  const kind = (type: number): proto.Message => proto.integer(20, type);
  const field = ((): proto.Message => {
    if (typeof value === "number") return [...proto.integer(3, value), ...kind(2)];
    if (typeof value === "string") return [...proto.string(4, value), ...kind(3)];
    if ("float" in value) return [...proto.float(2, value.float), ...kind(1)];
    if (typeof value[0] === "string")
      return [...(value as string[]).flatMap((each) => proto.string(9, each)), ...kind(8)];
    return [...(value as number[]).flatMap((each) => proto.integer(8, each)), ...kind(7)];
  })();
  return [...proto.string(1, name), ...field];
}

/** @param shape sizes; a name for a size of any value */
export function valueInfo(name: string, shape: readonly (number | string)[]): proto.Message {
  const sizes = shape.flatMap((size) =>
    proto.message(1, typeof size === "number" ? proto.integer(1, size) : proto.string(2, size)),
  );
  const tensor = [...proto.integer(1, FLOAT), ...proto.message(2, sizes)];
  return [...proto.string(1, name), ...proto.message(2, proto.message(1, tensor))];
}
