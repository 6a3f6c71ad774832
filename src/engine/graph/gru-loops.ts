/**
 * The recurrence of a GRU (Cho et al. 2014; Keras' variant with reset_after) as two loops in a graph: the forward pass
 * and its hand-written gradient. Gates in Keras' order: update, reset, candidate. Tensors are time first.
 */
import { after, dtypes, float32, type, type GraphBuilder, type Output } from "./graph-builder.ts";
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
export interface GruForwardLoop {
  /** Hidden states, [time, batch, units]; null where they are not kept. */
  hidden: Output | null;
  /** Hidden state after the last step, [batch, units]. */
  last: Output;
  /** Handles of the kept arrays. */
  kept: ReadonlyMap<Kept, Output>;
  name: string;
}

/** Kept values of each step, as tensors of [batch, units]; `recurrent`: the hidden state's share of the candidate. */
const keptNames = ["update", "reset", "candidate", "recurrent", "hiddenBefore"] as const;
type Kept = (typeof keptNames)[number];

/**
 * Adds the forward loop.
 * @param product input · kernel + its bias, [time, batch, 3·units]
 * @param kernel recurrent kernel, [units, 3·units]
 * @param bias bias of the recurrent kernel's product, [3·units]
 */
export function addGruForwardLoop(
  graph: GraphBuilder,
  { name, shape, product, kernel, bias, keep }: ForwardLoopOptions & { bias: Output },
): GruForwardLoop {
  const { time, batch, units } = shape;
  const ops = loopOps(graph);
  const keeping = keep === "all" ? keptNames : [];
  const arrays = keeping.map((kept) => addArray(graph, `${name}/${kept}`, time, [batch, units]));
  const [, last, hidden = null] = addWhileLoop(graph, {
    name,
    start: [
      int(graph.integer(0)),
      real(graph.zeros([batch, units])),
      ...(keep === "nothing" ? [] : [real(addEmpty(graph, [time, batch, units]))]),
    ],
    constant: [
      ...loopConstants(graph, time),
      real(product),
      real(kernel),
      real(bias),
      ...arrays.flatMap(({ handle, flow }): Typed[] => [{ value: handle, dtype: dtypes.resource }, real(flow)]),
    ],
    condition: ([t], [, , , end]) => graph.add("Less", [t, end], { T: type(dtypes.int32) }),
    body: ([t, hiddenBefore, ...stack], [zero, one, oneVector, , product, kernel, bias, ...arrays]) => {
      const next = ops.addInt(t, one);
      const [inputUpdate, inputReset, inputCandidate] = ops.split(ops.row(product, t, next, zero, oneVector), 3, one);
      const ofHidden = ops.add(ops.matMul(hiddenBefore, kernel, false), bias);
      const [hiddenUpdate, hiddenReset, recurrent] = ops.split(ofHidden, 3, one);
      const update = ops.sigmoid(ops.add(inputUpdate, hiddenUpdate));
      const reset = ops.sigmoid(ops.add(inputReset, hiddenReset));
      const candidate = ops.tanh(ops.add(inputCandidate, ops.mul(reset, recurrent)));
      const hidden = ops.add(candidate, ops.mul(update, ops.sub(hiddenBefore, candidate)));
      const values: Record<Kept, Output> = { update, reset, candidate, recurrent, hiddenBefore };
      const done = keeping.map((kept, k) => ops.write(arrays[2 * k], t, values[kept], arrays[2 * k + 1]));
      return { next: [next, hidden, ...stack.map((rows) => ops.setRow(rows, t, hidden, zero))], done };
    },
  });
  return { hidden, last, kept: new Map(keeping.map((name, k) => [name, arrays[k].handle])), name };
}

/**
 * Adds the gradient's loop.
 * @param gradient gradient with respect to all hidden states, [time, batch, units], or to the last one, [batch, units]
 * @returns gradients with respect to the product and to the recurrent kernel's product, each [time, batch, 3·units]
 */
export function addGruBackwardLoop(
  graph: GraphBuilder,
  shape: RecurrenceShape,
  forward: GruForwardLoop,
  kernel: Output,
  gradient: { ofAll: Output } | { ofLast: Output },
): { product: Output; recurrent: Output } {
  const { time, batch, units } = shape;
  const ops = loopOps(graph);
  // The last hidden state is ready only after all arrays have been written.
  const flow = graph.add("Identity", [graph.scalar(0), after(forward.last)], { T: float32 });
  const [, , product, recurrent] = addWhileLoop(graph, {
    name: `${forward.name}/gradient`,
    start: [
      int(graph.integer(time - 1)),
      real("ofLast" in gradient ? gradient.ofLast : graph.zeros([batch, units])),
      real(addEmpty(graph, [time, batch, 3 * units])),
      real(addEmpty(graph, [time, batch, 3 * units])),
    ],
    constant: [
      ...loopConstants(graph, time),
      real(kernel),
      real(flow),
      ...keptNames.map((kept): Typed => ({ value: forward.kept.get(kept)!, dtype: dtypes.resource })),
      ...("ofAll" in gradient ? [real(gradient.ofAll)] : []),
    ],
    condition: ([t], [zero]) => graph.add("GreaterEqual", [t, zero], { T: type(dtypes.int32) }),
    body: ([t, dHiddenLater, products, recurrents], [zero, one, oneVector, , kernel, flow, ...rest]) => {
      const read = (kept: Kept): Output => ops.read(rest[keptNames.indexOf(kept)], t, flow);
      const all = rest.at(keptNames.length);
      const d =
        all === undefined ? dHiddenLater : ops.add(ops.row(all, t, ops.addInt(t, one), zero, oneVector), dHiddenLater);
      const [update, reset, candidate] = [read("update"), read("reset"), read("candidate")];
      const kept = ops.mul(d, update);
      const dCandidate = ops.tanhGrad(candidate, ops.sub(d, kept));
      const dUpdate = ops.sigmoidGrad(update, ops.mul(d, ops.sub(read("hiddenBefore"), candidate)));
      const dReset = ops.sigmoidGrad(reset, ops.mul(dCandidate, read("recurrent")));
      const dProduct = ops.concat([dUpdate, dReset, dCandidate], one);
      const dRecurrent = ops.concat([dUpdate, dReset, ops.mul(dCandidate, reset)], one);
      return {
        next: [
          ops.subInt(t, one),
          ops.add(kept, ops.matMul(dRecurrent, kernel, true)),
          ops.setRow(products, t, dProduct, zero),
          ops.setRow(recurrents, t, dRecurrent, zero),
        ],
        done: [],
      };
    },
  });
  return { product, recurrent };
}
