/**
 * The recurrence of an LSTM (Hochreiter & Schmidhuber 1997; forget gates: Gers et al. 2000) as two loops in a graph:
 * the forward pass and its hand-written gradient. Gates in Keras' order: input, forget, cell, output. Tensors are time
 * first.
 *
 * The product of the input and its kernel is computed for all time steps before the loops; the kernels' gradients after
 * them.
 */
import { dtypes, float32, after, type, type GraphBuilder, type Output } from "./graph-builder.ts";
import {
  addArray,
  addEmpty,
  int,
  loopConstants,
  loopOps,
  real,
  type ForwardLoopOptions,
  type RecurrenceShape,
} from "./loop-ops.ts";
import { addWhileLoop, type Typed } from "./while-loop.ts";

/** Values of the forward loop that the backward loop needs. */
export interface ForwardLoop {
  /** Hidden states, [time, batch, units]; null where they are not kept. */
  hidden: Output | null;
  /** Hidden state and cell state after the last step, [batch, units]. */
  last: Output;
  lastState: Output;
  /** Handles of the kept arrays. */
  kept: ReadonlyMap<Kept, Output>;
  name: string;
}

/** Kept values of each step, as tensors of [batch, units]. */
const keptNames = ["input", "forget", "cell", "output", "stateBefore"] as const;
type Kept = (typeof keptNames)[number];

/**
 * Adds the forward loop.
 * @param product input · kernel + bias, [time, batch, 4·units]
 * @param kernel recurrent kernel, [units, 4·units]
 */
export function addForwardLoop(
  graph: GraphBuilder,
  { name, shape, product, kernel, keep }: ForwardLoopOptions,
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
      const [i, f, g, o] = ops.split(gates, 4, one);
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
 * Adds the gradient's loop.
 * @param gradient gradient with respect to all hidden states, [time, batch, units], or to the last one, [batch, units]
 * @returns gradient with respect to the product, [time, batch, 4·units]
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
  // The last hidden state is ready only after all arrays have been written.
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
      // Computing tanh again is cheaper than keeping it: the state is in the cache, its stored tanh would not be.
      const stateTanh = ops.tanh(state);
      const dState = ops.add(dStateLater, ops.tanhGrad(stateTanh, ops.mul(d, output)));
      const dGates = ops.concat(
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
