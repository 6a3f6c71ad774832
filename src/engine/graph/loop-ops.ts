/** Building blocks of the loops of recurrent layers: arrays of kept values, and nodes inside the loops. */
import { dtypes, float32, type, type GraphBuilder, type Output } from "./graph-builder.ts";
import type { Typed } from "./while-loop.ts";

export interface RecurrenceShape {
  time: number;
  batch: number;
  units: number;
}

/** Kept values: `all` for the gradient, `hidden` for a sequence output, `nothing` for the last state only. */
export type Keep = "all" | "hidden" | "nothing";

export interface ForwardLoopOptions {
  /** Unique in the graph. */
  name: string;
  shape: RecurrenceShape;
  /** Product of the input and its kernel, with bias, for all time steps. */
  product: Output;
  /** Recurrent kernel. */
  kernel: Output;
  keep: Keep;
}

export function int(value: Output): Typed {
  return { value, dtype: dtypes.int32 };
}

export function real(value: Output): Typed {
  return { value, dtype: dtypes.float32 };
}

/** Returns the constants 0, 1, [1] and the number of time steps. */
export function loopConstants(graph: GraphBuilder, time: number): Typed[] {
  return [graph.integer(0), graph.integer(1), graph.vector([1]), graph.integer(time)].map(int);
}

/** Adds an array of one tensor for each time step; tensors are kept without a copy. */
export function addArray(
  graph: GraphBuilder,
  name: string,
  size: number,
  shape: readonly number[],
): { handle: Output; flow: Output } {
  const handle = graph.add("TensorArrayV3", [graph.integer(size)], {
    dtype: float32,
    element_shape: { kind: "shape", value: shape },
    dynamic_size: { kind: "bool", value: false },
    clear_after_read: { kind: "bool", value: false },
    identical_element_shapes: { kind: "bool", value: true },
    tensor_array_name: { kind: "string", value: name },
  });
  return { handle, flow: `${handle}:1` };
}

/** Adds uninitialized memory for rows; the loop's iterations set every row, so no unset value is read. */
export function addEmpty(graph: GraphBuilder, shape: readonly number[]): Output {
  return graph.add("Empty", [graph.vector(shape)], { dtype: float32, init: { kind: "bool", value: false } });
}

/** Returns functions that add the nodes used inside the loops. */
export function loopOps(graph: GraphBuilder) {
  const T = { T: float32 };
  const int32 = type(dtypes.int32);
  const unary = (op: string) => (x: Output) => graph.add(op, [x], T);
  const binary = (op: string) => (a: Output, b: Output) => graph.add(op, [a, b], T);
  return {
    add: binary("AddV2"),
    sub: binary("Sub"),
    mul: binary("Mul"),
    sigmoid: unary("Sigmoid"),
    tanh: unary("Tanh"),
    /** dy · y · (1 − y) */
    sigmoidGrad: binary("SigmoidGrad"),
    /** dy · (1 − y²) */
    tanhGrad: binary("TanhGrad"),
    addInt: (a: Output, b: Output) => graph.add("AddV2", [a, b], { T: int32 }),
    subInt: (a: Output, b: Output) => graph.add("Sub", [a, b], { T: int32 }),
    matMul: (a: Output, b: Output, transpose: boolean) =>
      graph.add("MatMul", [a, b], {
        ...T,
        transpose_a: { kind: "bool", value: false },
        transpose_b: { kind: "bool", value: transpose },
      }),
    /** x[t], as a slice along the first axis, which TensorFlow does not copy. */
    row: (x: Output, t: Output, next: Output, zero: Output, oneVector: Output) => {
      const vector = (value: Output): Output => graph.add("ExpandDims", [value, zero], { T: int32, Tdim: int32 });
      return graph.add("StridedSlice", [x, vector(t), vector(next), oneVector], {
        ...T,
        Index: int32,
        begin_mask: { kind: "int", value: 0 },
        end_mask: { kind: "int", value: 0 },
        ellipsis_mask: { kind: "int", value: 0 },
        new_axis_mask: { kind: "int", value: 0 },
        shrink_axis_mask: { kind: "int", value: 1 },
      });
    },
    split: (x: Output, parts: number, axis: Output): Output[] => {
      const node = graph.add("Split", [axis, x], { ...T, num_split: { kind: "int", value: parts } });
      return Array.from({ length: parts }, (_, i) => (i === 0 ? node : `${node}:${i}`));
    },
    concat: (values: readonly Output[], axis: Output) =>
      graph.add("ConcatV2", [...values, axis], { ...T, Tidx: int32, N: { kind: "int", value: values.length } }),
    /**
     * x[t] = value, in place: each row is written once; stacking the rows after the loop would copy all of them again.
     */
    setRow: (x: Output, t: Output, value: Output, zero: Output) => {
      const at = graph.add("ExpandDims", [t, zero], { T: int32, Tdim: int32 });
      const row = graph.add("ExpandDims", [value, zero], { T: float32, Tdim: int32 });
      return graph.add("InplaceUpdate", [x, at, row], T);
    },
    write: (handle: Output, t: Output, value: Output, flow: Output) =>
      graph.add("TensorArrayWriteV3", [handle, t, value, flow], T),
    read: (handle: Output, t: Output, flow: Output) =>
      graph.add("TensorArrayReadV3", [handle, t, flow], { dtype: float32 }),
  };
}
