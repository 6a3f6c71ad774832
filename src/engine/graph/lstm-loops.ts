/**
 * The recurrence of an LSTM (Hochreiter & Schmidhuber 1997; forget gates: Gers et al. 2000) as two loops in a graph, the second
 * being the gradient of the first by hand. Gates in Keras' order: input, forget, cell, output. Time comes first throughout.
 *
 * Before the loops, the input's product with its kernel is taken for all times at once; after them, the kernels' gradients are.
 */
import { dtypes, float32, after, type, type GraphBuilder, type Output } from "./graph-builder.ts";
import { addWhileLoop, type Typed } from "./while-loop.ts";

export interface RecurrenceShape {
  time: number;
  batch: number;
  units: number;
}

/** What the backward loop needs of the forward one. */
export interface ForwardLoop {
  /** Hidden states, [time, batch, units]; null where they were not kept. */
  hidden: Output | null;
  /** Hidden state and cell state after the last step, [batch, units]. */
  last: Output;
  lastState: Output;
  /** Handles of the arrays that were kept. */
  kept: ReadonlyMap<Kept, Output>;
  name: string;
}

/** Values of each step that are kept, as tensors of [batch, units]. */
const keptNames = ["input", "forget", "cell", "output", "stateBefore"] as const;
type Kept = (typeof keptNames)[number];

/** What is kept: `all` for the gradient, `hidden` for a sequence, `nothing` where the last state alone is wanted. */
export type Keep = "all" | "hidden" | "nothing";

/**
 * @param product input · kernel + bias, [time, batch, 4·units]
 * @param kernel recurrent kernel, [units, 4·units]
 */
export function addForwardLoop(
  graph: GraphBuilder,
  name: string,
  shape: RecurrenceShape,
  product: Output,
  kernel: Output,
  keep: Keep,
): ForwardLoop {
  const { time, batch, units } = shape;
  const ops = loopOps(graph);
  const keeping = keep === "all" ? keptNames : [];
  const arrays = keeping.map((kept) => addArray(graph, `${name}/${kept}`, time, [batch, units]));
  const zeros = graph.zeros([batch, units]);
  const [, last, lastState, hidden = null] = addWhileLoop(graph, {
    name,
    start: [
      int(graph.integer(0)),
      real(zeros),
      real(zeros),
      ...(keep === "nothing" ? [] : [real(addEmpty(graph, [time, batch, units]))]),
    ],
    constant: [
      ...loopConstants(graph, time),
      real(product),
      real(kernel),
      ...arrays.flatMap(({ handle, flow }): Typed[] => [{ value: handle, dtype: dtypes.resource }, real(flow)]),
    ],
    condition: ([t], [, , , end]) => graph.add("Less", [t, end], { T: type(dtypes.int32) }),
    body: ([t, hiddenBefore, stateBefore, ...stack], [zero, one, oneVector, , product, kernel, ...arrays]) => {
      const next = ops.addInt(t, one);
      const row = ops.row(product, t, next, zero, oneVector);
      const gates = ops.add(row, ops.matMul(hiddenBefore, kernel, false));
      const [i, f, g, o] = ops.split4(gates, one);
      const input = ops.sigmoid(i);
      const forget = ops.sigmoid(f);
      const cell = ops.tanh(g);
      const output = ops.sigmoid(o);
      const state = ops.add(ops.mul(forget, stateBefore), ops.mul(input, cell));
      const hidden = ops.mul(output, ops.tanh(state));
      const values: Record<Kept, Output> = { input, forget, cell, output, stateBefore };
      const done = keeping.map((kept, k) => ops.write(arrays[2 * k], t, values[kept], arrays[2 * k + 1]));
      return { next: [next, hidden, state, ...stack.map((rows) => ops.setRow(rows, t, hidden, zero))], done };
    },
  });
  const kept = new Map(keeping.map((name, k) => [name, arrays[k].handle]));
  return { hidden, last, lastState, kept, name };
}

/**
 * @param gradient by the hidden states, [time, batch, units]; or by the last alone, [batch, units]
 * @returns gradient by the product, [time, batch, 4·units]
 */
export function addBackwardLoop(
  graph: GraphBuilder,
  shape: RecurrenceShape,
  forward: ForwardLoop,
  kernel: Output,
  gradient: { ofAll: Output } | { ofLast: Output },
): Output {
  const { time, batch, units } = shape;
  const ops = loopOps(graph);
  const name = `${forward.name}/gradient`;
  const zeros = graph.zeros([batch, units]);
  // Whatever waits for the last hidden state finds everything written.
  const flow = graph.add("Identity", [graph.scalar(0), after(forward.last)], { T: float32 });
  const ofAll = "ofAll" in gradient ? [real(gradient.ofAll)] : [];
  const [, , , , dProduct] = addWhileLoop(graph, {
    name,
    start: [
      int(graph.integer(time - 1)),
      real("ofLast" in gradient ? gradient.ofLast : zeros),
      real(zeros),
      real(forward.lastState),
      real(addEmpty(graph, [time, batch, 4 * units])),
    ],
    constant: [
      ...loopConstants(graph, time),
      real(kernel),
      real(flow),
      ...keptNames.map((kept): Typed => ({ value: forward.kept.get(kept)!, dtype: dtypes.resource })),
      ...ofAll,
    ],
    condition: ([t], [zero]) => graph.add("GreaterEqual", [t, zero], { T: type(dtypes.int32) }),
    body: ([t, dHiddenLater, dStateLater, state, stack], [zero, one, oneVector, , kernel, flow, ...rest]) => {
      const read = (kept: Kept): Output => ops.read(rest[keptNames.indexOf(kept)], t, flow);
      const all = rest.at(keptNames.length);
      const d =
        all === undefined ? dHiddenLater : ops.add(ops.row(all, t, ops.addInt(t, one), zero, oneVector), dHiddenLater);
      const [input, forget, cell, output] = [read("input"), read("forget"), read("cell"), read("output")];
      const stateBefore = read("stateBefore");
      // Cheaper to compute again than to keep and read back: a state is in the cache, its tanh would not be.
      const stateTanh = ops.tanh(state);
      const dState = ops.add(dStateLater, ops.tanhGrad(stateTanh, ops.mul(d, output)));
      const dGates = ops.concat4(
        [
          ops.sigmoidGrad(input, ops.mul(dState, cell)),
          ops.sigmoidGrad(forget, ops.mul(dState, stateBefore)),
          ops.tanhGrad(cell, ops.mul(dState, input)),
          ops.sigmoidGrad(output, ops.mul(d, stateTanh)),
        ],
        one,
      );
      return {
        next: [
          ops.subInt(t, one),
          ops.matMul(dGates, kernel, true),
          ops.mul(dState, forget),
          stateBefore,
          ops.setRow(stack, t, dGates, zero),
        ],
        done: [],
      };
    },
  });
  return dProduct;
}

function int(value: Output): Typed {
  return { value, dtype: dtypes.int32 };
}

function real(value: Output): Typed {
  return { value, dtype: dtypes.float32 };
}

/** 0, 1, [1] and the number of steps. */
function loopConstants(graph: GraphBuilder, time: number): Typed[] {
  return [graph.integer(0), graph.integer(1), graph.vector([1]), graph.integer(time)].map(int);
}

/** Tensors by time, each kept as it is, without a copy. */
function addArray(
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

/** Memory for rows that {@link addWhileLoop}'s iterations set one by one: all of them, so that nothing of it is read unset. */
function addEmpty(graph: GraphBuilder, shape: readonly number[]): Output {
  return graph.add("Empty", [graph.vector(shape)], { dtype: float32, init: { kind: "bool", value: false } });
}

/** Nodes as they are used inside the loops. */
function loopOps(graph: GraphBuilder) {
  const T = { T: float32 };
  const int32 = type(dtypes.int32);
  const unary = (op: string) => (x: Output) => graph.add(op, [x], T);
  const binary = (op: string) => (a: Output, b: Output) => graph.add(op, [a, b], T);
  return {
    add: binary("AddV2"),
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
    /** x[t], by a slice along the first axis, which TensorFlow does not copy. */
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
    split4: (x: Output, axis: Output): [Output, Output, Output, Output] => {
      const node = graph.add("Split", [axis, x], { ...T, num_split: { kind: "int", value: 4 } });
      return [node, `${node}:1`, `${node}:2`, `${node}:3`];
    },
    concat4: (values: readonly Output[], axis: Output) =>
      graph.add("ConcatV2", [...values, axis], { ...T, Tidx: int32, N: { kind: "int", value: 4 } }),
    /** x[t] = value, in place: each row is written once, where stacking them at the end would copy all of it again. */
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
