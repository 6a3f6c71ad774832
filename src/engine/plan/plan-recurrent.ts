/** Adds recurrent layers to a program (plan-layers.ts): sequences are brought time first, and back. */
import type { LayerSpec, MergeMode } from "../../contract/domain/networks.ts";
import { recurrenceOf } from "../networks/recurrence.ts";
import { concatenate } from "./plan-joins.ts";
import { gradientOf, giveGradient, output, type LayerPlanning, type Layout, type Value } from "./plan-value.ts";
import type { BufferIndex } from "./program-builder.ts";

/** Returns the sequence time first. Its gradient goes back the same way. */
function timeFirst(planning: LayerPlanning, x: Value): Value {
  return x.layout === "time-first" ? x : swapped(planning, x, "time-first");
}

function swapped(planning: LayerPlanning, x: Value, layout: Layout): Value {
  const { program, batch } = planning;
  const [time, channels] = x.shape;
  const y = output(planning, x.shape, { ...x, layout });
  const [first, second] = layout === "time-first" ? [batch, time] : [time, batch];
  program.call("swap-axes", { x: x.buffer, y: y.buffer, first, second, channels });
  planning.backward(() => {
    if (!x.needsGradient) return;
    const dy = gradientOf(y);
    giveGradient(planning, x, (dx) =>
      program.call("swap-axes", { x: dy, y: dx, first: second, second: first, channels }),
    );
  });
  return y;
}

/** Reverses a sequence in time; it is time first. */
function reversed(planning: LayerPlanning, x: Value): Value {
  const { program, batch } = planning;
  const [time, channels] = x.shape;
  const y = output(planning, x.shape, x);
  const sizes = { outer: 1, time, inner: batch * channels };
  program.call("reverse", { x: x.buffer, y: y.buffer, ...sizes });
  planning.backward(() => {
    if (!x.needsGradient) return;
    const dy = gradientOf(y);
    giveGradient(planning, x, (dx) => program.call("reverse", { x: dy, y: dx, ...sizes }));
  });
  return y;
}

/** Adds a recurrent layer, in one or both directions. */
export function recurrent(
  planning: LayerPlanning,
  x: Value,
  layer: Extract<LayerSpec, { kind: "lstm" | "gru" | "bidirectional" }>,
): Value {
  const { returnSequences } = recurrenceOf(layer);
  const input = timeFirst(planning, x);
  const y =
    layer.kind === "bidirectional"
      ? merged(planning, layer.merge, [
          pass(planning, input, layer, "forward"),
          backwardPass(planning, input, layer, returnSequences),
        ])
      : pass(planning, input, layer);
  return returnSequences && planning.layout.output === "batch-first" ? swapped(planning, y, "batch-first") : y;
}

function backwardPass(
  planning: LayerPlanning,
  input: Value,
  layer: Extract<LayerSpec, { kind: "bidirectional" }>,
  returnSequences: boolean,
): Value {
  const y = pass(planning, reversed(planning, input), layer, "backward");
  // Reversed back, so that both outputs of a sample have the same position.
  return returnSequences ? reversed(planning, y) : y;
}

/** Vectors of a backend hold at most this many floats; what a recurrence keeps is padded to whole vectors. */
const MAX_VECTOR_FLOATS = 16;

/** Runs one recurrence over a sequence that is time first. */
function pass(
  planning: LayerPlanning,
  x: Value,
  layer: Extract<LayerSpec, { kind: "lstm" | "gru" | "bidirectional" }>,
  direction?: "forward" | "backward",
): Value {
  const { program, batch, backpropagates } = planning;
  const { cell, units, returnSequences } = recurrenceOf(layer);
  const [time, channels] = x.shape;
  const [kernel, recurrentKernel, bias] = ["kernel", "recurrent_kernel", "bias"].map((role) =>
    planning.weight(role, direction),
  );
  const add = (name: string, floats: number): BufferIndex => program.add(`${program.layer}/${name}`, floats);
  const padded = Math.ceil(units / MAX_VECTOR_FLOATS) * MAX_VECTOR_FLOATS;
  const sequence = backpropagates || returnSequences ? add("states", time * batch * units) : null;
  const last = add("last-state", batch * units);
  const gates = backpropagates ? add("gates", time * batch * 4 * padded) : null;
  const cells = backpropagates && cell === "lstm" ? add("cells", time * batch * padded) : null;
  const sizes = { time, batch, in: channels, units };
  const weights = { kernel: kernel.value, recurrentKernel: recurrentKernel.value };
  program.call(cell, { x: x.buffer, ...weights, bias: bias.value, sequence, last, gates, cells, ...sizes });
  const y: Value = {
    buffer: returnSequences ? sequence! : last,
    shape: returnSequences ? [time, units] : [units],
    layout: returnSequences ? "time-first" : "batch-first",
    needsGradient: true,
    gradient: null,
  };
  planning.backward(() => {
    const dy = gradientOf(y);
    const call = (dx: BufferIndex | null): void =>
      program.call(`${cell}-gradient`, {
        x: x.buffer,
        ...weights,
        sequence: sequence!,
        gates: gates!,
        cells,
        dSequence: returnSequences ? dy : null,
        dLast: returnSequences ? null : dy,
        dx,
        dKernel: kernel.gradient!,
        dRecurrentKernel: recurrentKernel.gradient!,
        dBias: bias.gradient!,
        ...sizes,
      });
    if (x.needsGradient) giveGradient(planning, x, call);
    else call(null);
  });
  return y;
}

function merged(planning: LayerPlanning, merge: MergeMode, [ahead, behind]: readonly [Value, Value]): Value {
  const { program } = planning;
  switch (merge) {
    case "concat":
      return concatenate(planning, [ahead, behind]);
    case "sum":
    case "average": {
      const factor = merge === "sum" ? 1 : 0.5;
      const y = output(planning, ahead.shape, ahead);
      const count = program.sizeOf(y.buffer);
      program.call("add", { a: ahead.buffer, b: behind.buffer, y: y.buffer, count, factor });
      planning.backward(() => {
        const dy = gradientOf(y);
        for (const each of [ahead, behind]) {
          giveGradient(planning, each, (d) => program.call("scale", { x: dy, y: d, count, factor }));
        }
      });
      return y;
    }
    case "multiply": {
      const y = output(planning, ahead.shape, ahead);
      const count = program.sizeOf(y.buffer);
      program.call("multiply", { a: ahead.buffer, b: behind.buffer, y: y.buffer, count });
      planning.backward(() => {
        const dy = gradientOf(y);
        giveGradient(planning, ahead, (d) => program.call("multiply", { a: dy, b: behind.buffer, y: d, count }));
        giveGradient(planning, behind, (d) => program.call("multiply", { a: dy, b: ahead.buffer, y: d, count }));
      });
      return y;
    }
  }
}
