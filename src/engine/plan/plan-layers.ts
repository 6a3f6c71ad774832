/**
 * Adds a layer to a program: its forward calls at once, and its backward calls as a function that runs after those of
 * all later layers.
 */
import { activations, type Activation, type LayerSpec, type MergeMode } from "../../contract/domain/networks.ts";
import { NORMALIZATION_EPSILON, NORMALIZATION_MOMENTUM } from "../networks/normalization.ts";
import { recurrenceOf } from "../networks/recurrence.ts";
import type { SequenceLayout } from "../networks/sequence-layouts.ts";
import type { BufferIndex, ProgramBuilder } from "./program-builder.ts";

type Layout = SequenceLayout["input"];

/** Output of a layer, or the input of the network. */
export interface Value {
  buffer: BufferIndex;
  /** Without the batch: [values] of a row, [time, channels] of a sequence. */
  shape: readonly number[];
  layout: Layout;
  /** Whether a trainable weight lies before it. */
  needsGradient: boolean;
  /** Gradient of the loss by it; null until a later layer has given it one. */
  gradient: BufferIndex | null;
}

/** A weight in the program; `gradient` is null where weights are not trained. */
export interface WeightBuffers {
  value: BufferIndex;
  gradient: BufferIndex | null;
}

export interface LayerPlanning {
  program: ProgramBuilder;
  /** Beats. */
  batch: number;
  training: boolean;
  /** Returns a weight of the layer. */
  weight(role: string, direction?: "forward" | "backward"): WeightBuffers;
  /** Buffer of the step's numbers; null in a prediction. */
  numbers: BufferIndex | null;
  /** Number of the dropout layer: each draws different masks. */
  dropoutNumber: number;
  layout: SequenceLayout;
  /** The pooling layer that is computed together with this normalization, if there is one. */
  pooling: PoolingSpec | null;
  /** Registers the backward calls of the layer. */
  backward(calls: () => void): void;
}

export type PoolingSpec = Extract<LayerSpec, { kind: "max-pooling-1d" | "global-average-pooling-1d" }>;

/** Adds a layer. @returns its output */
export function planLayer(planning: LayerPlanning, layer: LayerSpec, inputs: readonly Value[]): Value {
  const [x] = inputs;
  switch (layer.kind) {
    case "dense":
      return dense(planning, x, layer);
    case "conv1d":
      return conv1d(planning, x, layer);
    case "batch-normalization":
      return x.shape.length === 1 ? normalizeRows(planning, x) : normalizeSequences(planning, x);
    case "activation":
      return activation(planning, x, layer.activation);
    case "dropout":
      return dropout(planning, x, layer.rate);
    case "max-pooling-1d":
      return maxPool(planning, x, layer);
    case "global-average-pooling-1d":
      return averagePool(planning, x);
    case "flatten":
      return flatten(planning, x);
    case "lstm":
    case "gru":
    case "bidirectional":
      return recurrent(planning, x, layer);
    case "concatenate":
      return concatenate(planning, inputs);
    case "add":
      return add(planning, inputs);
  }
}

/** Returns which value the gradient of an activation needs. */
export function keptOf(activation: Activation): "input" | "output" {
  return activation === "gelu" || activation === "swish" ? "input" : "output";
}

const codeOf = (activation: Activation): number => activations.indexOf(activation);

function sizeOf({ batch }: Pick<LayerPlanning, "batch">, shape: readonly number[]): number {
  return shape.reduce((size, axis) => size * axis, batch);
}

function output(
  { program, batch }: LayerPlanning,
  shape: readonly number[],
  { needsGradient, layout }: Pick<Value, "needsGradient" | "layout">,
): Value {
  const buffer = program.add(`${program.layer}/output`, sizeOf({ batch }, shape));
  return { buffer, shape, layout, needsGradient, gradient: null };
}

/** Returns the gradient that later layers have given; the sum of several is complete by then. */
function gradientOf(value: Value): BufferIndex {
  if (value.gradient === null) throw new Error("A value without a gradient reached the backward calls.");
  return value.gradient;
}

/**
 * Gives a value a gradient, which is added to what it has already.
 * @param write adds the call that writes the gradient into the buffer
 */
function giveGradient({ program }: LayerPlanning, value: Value, write: (gradient: BufferIndex) => void): void {
  const floats = program.sizeOf(value.buffer);
  const gradient = program.add(`${program.buffers[value.buffer].name}/gradient`, floats);
  write(gradient);
  if (value.gradient === null) {
    value.gradient = gradient;
    return;
  }
  program.call("add", { a: value.gradient, b: gradient, y: value.gradient, count: floats, factor: 1 });
}

/** Gives a value a gradient that lies in a buffer which nothing else uses later. */
function handGradient(planning: LayerPlanning, value: Value, gradient: BufferIndex): void {
  const { program } = planning;
  if (value.gradient === null) value.gradient = gradient;
  else {
    const count = program.sizeOf(gradient);
    program.call("add", { a: value.gradient, b: gradient, y: value.gradient, count, factor: 1 });
  }
}

/** Makes d, a gradient by an activation's output, the gradient by its input. */
function throughActivation({ program }: LayerPlanning, of: Activation, kept: BufferIndex, d: BufferIndex): void {
  if (of === "linear") return;
  program.call("activation-gradient", { kept, d, count: program.sizeOf(d), activation: codeOf(of) });
}

function dense(planning: LayerPlanning, x: Value, spec: Extract<LayerSpec, { kind: "dense" }>): Value {
  const { program, batch } = planning;
  const [kernel, bias] = [planning.weight("kernel"), planning.weight("bias")];
  const width = x.shape.at(-1)!;
  const shape = [...x.shape.slice(0, -1), spec.units];
  const y = output(planning, shape, { needsGradient: true, layout: x.layout });
  const sizes = { rows: sizeOf({ batch }, x.shape) / width, in: width, out: spec.units };
  const fused = keptOf(spec.activation) === "output";
  const sum = fused ? y.buffer : program.add(`${program.layer}/sum`, program.sizeOf(y.buffer));
  program.call("dense", {
    x: x.buffer,
    kernel: kernel.value,
    bias: bias.value,
    y: sum,
    ...sizes,
    activation: codeOf(fused ? spec.activation : "linear"),
  });
  if (!fused) activate(planning, spec.activation, sum, y.buffer);
  planning.backward(() => {
    const d = gradientOf(y);
    throughActivation(planning, spec.activation, fused ? y.buffer : sum, d);
    program.call("dense-weight-gradient", {
      x: x.buffer,
      d,
      dKernel: kernel.gradient!,
      dBias: bias.gradient!,
      ...sizes,
    });
    if (!x.needsGradient) return;
    giveGradient(planning, x, (dx) => program.call("dense-input-gradient", { d, kernel: kernel.value, dx, ...sizes }));
  });
  return y;
}

function activate({ program }: LayerPlanning, of: Activation, x: BufferIndex, y: BufferIndex): void {
  program.call("activation", { x, y, count: program.sizeOf(y), activation: codeOf(of) });
}

function conv1d(planning: LayerPlanning, x: Value, spec: Extract<LayerSpec, { kind: "conv1d" }>): Value {
  const { program, batch } = planning;
  const { filters, kernelSize, strides, padding } = spec;
  const [time, channels] = x.shape;
  const [kernel, bias] = [planning.weight("kernel"), planning.weight("bias")];
  const outTime = padding === "same" ? Math.ceil(time / strides) : Math.ceil((time - kernelSize + 1) / strides);
  // TensorFlow's padding: the odd zero comes after the end.
  const zeros = padding === "same" ? Math.max(0, (outTime - 1) * strides + kernelSize - time) : 0;
  const y = output(planning, [outTime, filters], { needsGradient: true, layout: x.layout });
  const fused = spec.activation === "relu" || spec.activation === "linear";
  const sum = fused ? y.buffer : program.add(`${program.layer}/sum`, program.sizeOf(y.buffer));
  const sizes = {
    batch,
    time,
    in: channels,
    out: filters,
    taps: kernelSize,
    stride: strides,
    before: Math.floor(zeros / 2),
    outTime,
    relu: spec.activation === "relu" ? 1 : 0,
  };
  program.call("conv1d", { x: x.buffer, kernel: kernel.value, bias: bias.value, y: sum, ...sizes });
  if (!fused) activate(planning, spec.activation, sum, y.buffer);
  planning.backward(() => {
    const d = gradientOf(y);
    if (!fused) throughActivation(planning, spec.activation, keptOf(spec.activation) === "input" ? sum : y.buffer, d);
    const call = (dx: BufferIndex | null): void =>
      program.call("conv1d-gradient", {
        dy: d,
        x: x.buffer,
        kernel: kernel.value,
        y: sum,
        dx,
        dKernel: kernel.gradient!,
        dBias: bias.gradient!,
        ...sizes,
      });
    if (x.needsGradient) giveGradient(planning, x, call);
    else call(null);
  });
  return y;
}

function normalizeRows(planning: LayerPlanning, x: Value): Value {
  const { program, batch, training } = planning;
  const [channels] = x.shape;
  const roles = ["gamma", "beta", "moving_mean", "moving_variance"];
  const [gamma, beta, movingMean, movingVariance] = roles.map((role) => planning.weight(role));
  const y = output(planning, x.shape, { needsGradient: true, layout: x.layout });
  const given = { x: x.buffer, gamma: gamma.value, beta: beta.value, y: y.buffer };
  const epsilon = NORMALIZATION_EPSILON;
  if (!training) {
    // Rows as sequences of one channel set: without statistics of the batch, any split of the rows gives the same.
    const moving = { mean: movingMean.value, variance: movingVariance.value };
    program.call("normalize", { ...given, ...moving, ...splitRows(batch), channels, pool: 1, epsilon });
    return y;
  }
  const [mean, variance] = ["mean", "variance"].map((name) => program.add(`${program.layer}/${name}`, channels));
  program.call("normalize-rows", {
    ...given,
    mean,
    variance,
    movingMean: movingMean.value,
    movingVariance: movingVariance.value,
    rows: batch,
    channels,
    epsilon,
    momentum: NORMALIZATION_MOMENTUM,
  });
  planning.backward(() => {
    const dy = gradientOf(y);
    giveGradient(planning, x, (dx) =>
      program.call("normalize-rows-gradient", {
        dy,
        x: x.buffer,
        mean,
        variance,
        gamma: gamma.value,
        dx,
        dGamma: gamma.gradient!,
        dBeta: beta.gradient!,
        rows: batch,
        channels,
        epsilon,
      }),
    );
  });
  return y;
}

/** Returns rows as sequences, long enough to be worth a part of the work each. */
function splitRows(rows: number): { batch: number; time: number } {
  const time = [64, 32, 16, 8, 4, 2].find((each) => rows % each === 0) ?? 1;
  return { batch: rows / time, time };
}

function normalizeSequences(planning: LayerPlanning, x: Value): Value {
  const { program, batch, training, pooling } = planning;
  const [time, channels] = x.shape;
  const roles = ["gamma", "beta", "moving_mean", "moving_variance"];
  const [gamma, beta, movingMean, movingVariance] = roles.map((role) => planning.weight(role));
  const sizes = { batch, time, channels };
  const epsilon = NORMALIZATION_EPSILON;
  let [mean, variance] = [movingMean.value, movingVariance.value];
  if (training) {
    [mean, variance] = ["mean", "variance"].map((name) => program.add(`${program.layer}/${name}`, channels));
    program.call("moments", {
      x: x.buffer,
      mean,
      variance,
      movingMean: movingMean.value,
      movingVariance: movingVariance.value,
      ...sizes,
      momentum: NORMALIZATION_MOMENTUM,
    });
  }
  const statistics = { mean, variance, gamma: gamma.value, beta: beta.value };
  const gradients = { dGamma: gamma.gradient!, dBeta: beta.gradient! };
  if (pooling?.kind === "global-average-pooling-1d") {
    const y = output(planning, [channels], { needsGradient: true, layout: x.layout });
    const means = program.add(`${program.layer}/means`, batch * channels);
    program.call("normalize-average", { x: x.buffer, ...statistics, y: y.buffer, means, ...sizes, epsilon });
    planning.backward(() => {
      const dy = gradientOf(y);
      giveGradient(planning, x, (dx) =>
        program.call("normalize-average-gradient", {
          dy,
          x: x.buffer,
          means,
          ...statistics,
          dx,
          ...gradients,
          ...sizes,
          epsilon,
        }),
      );
    });
    return y;
  }
  const pool = pooling?.poolSize ?? 1;
  const y = output(planning, [Math.floor(time / pool), channels], { needsGradient: true, layout: x.layout });
  program.call("normalize", { x: x.buffer, ...statistics, y: y.buffer, ...sizes, pool, epsilon });
  planning.backward(() => {
    const dy = gradientOf(y);
    giveGradient(planning, x, (dx) =>
      program.call("normalize-gradient", {
        dy,
        x: x.buffer,
        ...statistics,
        dx,
        ...gradients,
        ...sizes,
        pool,
        epsilon,
      }),
    );
  });
  return y;
}

function activation(planning: LayerPlanning, x: Value, of: Activation): Value {
  if (of === "linear") return x;
  const y = output(planning, x.shape, x);
  activate(planning, of, x.buffer, y.buffer);
  planning.backward(() => {
    if (!x.needsGradient) return;
    const d = gradientOf(y);
    throughActivation(planning, of, keptOf(of) === "input" ? x.buffer : y.buffer, d);
    handGradient(planning, x, d);
  });
  return y;
}

/** Number of values from which drawing a mask twice takes less time than keeping it, and less memory. */
const LARGE_MASK_VALUES = 262_144;

function dropout(planning: LayerPlanning, x: Value, rate: number): Value {
  const { program, numbers, dropoutNumber, training } = planning;
  if (!training || rate === 0) return x;
  const y = output(planning, x.shape, x);
  const count = program.sizeOf(y.buffer);
  const mask = count < LARGE_MASK_VALUES ? program.add(`${program.layer}/mask`, count) : null;
  const draw = (from: BufferIndex, to: BufferIndex, into: BufferIndex | null): void =>
    program.call("dropout", { numbers: numbers!, x: from, y: to, mask: into, count, number: dropoutNumber, rate });
  draw(x.buffer, y.buffer, mask);
  planning.backward(() => {
    if (!x.needsGradient) return;
    const d = gradientOf(y);
    if (mask === null) draw(d, d, null);
    else program.call("multiply", { a: d, b: mask, y: d, count });
    handGradient(planning, x, d);
  });
  return y;
}

function maxPool(planning: LayerPlanning, x: Value, spec: Extract<LayerSpec, { kind: "max-pooling-1d" }>): Value {
  const { program, batch, training } = planning;
  const [time, channels] = x.shape;
  const { poolSize: pool, strides: stride = pool } = spec;
  const outTime = Math.floor((time - pool) / stride) + 1;
  const y = output(planning, [outTime, channels], x);
  const sizes = { batch, time, channels, pool, stride, outTime };
  const chosen = training && x.needsGradient ? program.add(`${program.layer}/chosen`, program.sizeOf(y.buffer)) : null;
  program.call("max-pool", { x: x.buffer, y: y.buffer, chosen, ...sizes });
  planning.backward(() => {
    if (chosen === null) return;
    const dy = gradientOf(y);
    giveGradient(planning, x, (dx) => program.call("max-pool-gradient", { dy, chosen, dx, ...sizes }));
  });
  return y;
}

function averagePool(planning: LayerPlanning, x: Value): Value {
  const { program, batch } = planning;
  const [time, channels] = x.shape;
  const y = output(planning, [channels], x);
  const sizes = { batch, time, channels };
  program.call("average-pool", { x: x.buffer, y: y.buffer, ...sizes });
  planning.backward(() => {
    if (!x.needsGradient) return;
    const dy = gradientOf(y);
    giveGradient(planning, x, (dx) => program.call("average-pool-gradient", { dy, dx, ...sizes }));
  });
  return y;
}

/** Changes the shape only. */
function flatten(planning: LayerPlanning, x: Value): Value {
  const size = x.shape.reduce((a, b) => a * b, 1);
  const y: Value = { ...x, shape: [size], gradient: null };
  planning.backward(() => {
    if (x.needsGradient) handGradient(planning, x, gradientOf(y));
  });
  return y;
}

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

function recurrent(
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
  const { program, batch, training } = planning;
  const { cell, units, returnSequences } = recurrenceOf(layer);
  const [time, channels] = x.shape;
  const [kernel, recurrentKernel, bias] = ["kernel", "recurrent_kernel", "bias"].map((role) =>
    planning.weight(role, direction),
  );
  const add = (name: string, floats: number): BufferIndex => program.add(`${program.layer}/${name}`, floats);
  const padded = Math.ceil(units / MAX_VECTOR_FLOATS) * MAX_VECTOR_FLOATS;
  const sequence = training || returnSequences ? add("states", time * batch * units) : null;
  const last = add("last-state", batch * units);
  const gates = training ? add("gates", time * batch * 4 * padded) : null;
  const cells = training && cell === "lstm" ? add("cells", time * batch * padded) : null;
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

function concatenate(planning: LayerPlanning, inputs: readonly Value[]): Value {
  const { program } = planning;
  const [first] = inputs;
  const yColumns = inputs.reduce((sum, { shape }) => sum + shape.at(-1)!, 0);
  const needsGradient = inputs.some((input) => input.needsGradient);
  const y = output(planning, [...first.shape.slice(0, -1), yColumns], { needsGradient, layout: first.layout });
  const rows = program.sizeOf(y.buffer) / yColumns;
  let column = 0;
  const places = inputs.map((input) => {
    const count = input.shape.at(-1)!;
    const place = { input, count, to: column };
    column += count;
    return place;
  });
  for (const { input, count, to } of places) {
    program.call("copy-columns", { x: input.buffer, y: y.buffer, rows, xColumns: count, from: 0, yColumns, to, count });
  }
  planning.backward(() => {
    for (const { input, count, to } of places) {
      if (!input.needsGradient) continue;
      const dy = gradientOf(y);
      giveGradient(planning, input, (dx) =>
        program.call("copy-columns", {
          x: dy,
          y: dx,
          rows,
          xColumns: yColumns,
          from: to,
          yColumns: count,
          to: 0,
          count,
        }),
      );
    }
  });
  return y;
}

function add(planning: LayerPlanning, inputs: readonly Value[]): Value {
  const { program } = planning;
  const [first, second, ...others] = inputs;
  const needsGradient = inputs.some((input) => input.needsGradient);
  const y = output(planning, first.shape, { needsGradient, layout: first.layout });
  const count = program.sizeOf(y.buffer);
  program.call("add", { a: first.buffer, b: second.buffer, y: y.buffer, count, factor: 1 });
  for (const { buffer } of others) program.call("add", { a: y.buffer, b: buffer, y: y.buffer, count, factor: 1 });
  planning.backward(() => {
    for (const input of inputs) {
      if (!input.needsGradient) continue;
      const dy = gradientOf(y);
      giveGradient(planning, input, (dx) => program.call("scale", { x: dy, y: dx, count, factor: 1 }));
    }
  });
  return y;
}
