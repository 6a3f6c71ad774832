/**
 * Adds a layer to a program: its forward calls at once, and its backward calls as a function that runs after those of
 * all later layers.
 */
import { activations, type Activation, type LayerSpec } from "../../contract/domain/networks.ts";
import { add, concatenate } from "./plan-joins.ts";
import { gaussianNoise } from "./plan-noise.ts";
import { normalizeRows, normalizeSequences } from "./plan-normalization.ts";
import { recurrent } from "./plan-recurrent.ts";
import {
  gradientOf,
  giveGradient,
  handGradient,
  output,
  sizeOf,
  type LayerPlanning,
  type Value,
} from "./plan-value.ts";
import type { BufferIndex } from "./program-builder.ts";

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
    case "gaussian-noise":
      return gaussianNoise(planning, x, layer.deviation);
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
function keptOf(activation: Activation): "input" | "output" {
  return activation === "gelu" || activation === "swish" ? "input" : "output";
}

const codeOf = (activation: Activation): number => activations.indexOf(activation);

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
