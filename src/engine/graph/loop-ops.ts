/** Nodes inside the loops of recurrent layers. */
import { dtypes, float32, type, type GraphBuilder, type Output } from "./graph-builder.ts";
import type { Typed } from "./while-loop.ts";

export function int(value: Output): Typed {
  return { value, dtype: dtypes.int32 };
}

export function real(value: Output): Typed {
  return { value, dtype: dtypes.float32 };
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
    addInt: (a: Output, b: Output) => graph.add("AddV2", [a, b], { T: int32 }),
    matMul: (a: Output, b: Output) =>
      graph.add("MatMul", [a, b], {
        ...T,
        transpose_a: { kind: "bool", value: false },
        transpose_b: { kind: "bool", value: false },
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
    write: (handle: Output, t: Output, value: Output, flow: Output) =>
      graph.add("TensorArrayWriteV3", [handle, t, value, flow], T),
  };
}
