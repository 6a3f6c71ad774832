/** Values of a program being planned, and how they receive gradients. */
import type { LayerSpec } from "../../contract/domain/networks.ts";
import type { SequenceLayout } from "../networks/sequence-layouts.ts";
import type { BufferIndex, ProgramBuilder } from "./program-builder.ts";

export type Layout = SequenceLayout["input"];

/** Output of a layer, or the input of the network. */
export interface Value {
  buffer: BufferIndex;
  /** Without the batch: [values] of a row, [time, channels] of a sequence. */
  shape: readonly number[];
  layout: Layout;
  /** Whether a trainable weight lies before it, or its gradient is the result. */
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
  /** Whether random numbers are drawn, and normalizations use the batch. */
  training: boolean;
  /** Whether backward calls follow, which need values of the forward calls. */
  backpropagates: boolean;
  /** Whether only positive gradients pass a ReLU backwards (guided backpropagation). */
  guided: boolean;
  /** Zeros, at least as many as any layer has channels; null where the plan has none. */
  zeros: BufferIndex | null;
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

export function sizeOf({ batch }: Pick<LayerPlanning, "batch">, shape: readonly number[]): number {
  return shape.reduce((size, axis) => size * axis, batch);
}

export function output(
  { program, batch }: LayerPlanning,
  shape: readonly number[],
  { needsGradient, layout }: Pick<Value, "needsGradient" | "layout">,
): Value {
  const buffer = program.add(`${program.layer}/output`, sizeOf({ batch }, shape));
  return { buffer, shape, layout, needsGradient, gradient: null };
}

/** Returns the gradient that later layers have given; the sum of several is complete by then. */
export function gradientOf(value: Value): BufferIndex {
  if (value.gradient === null) throw new Error("A value without a gradient reached the backward calls.");
  return value.gradient;
}

/**
 * Gives a value a gradient, which is added to what it has already.
 * @param write adds the call that writes the gradient into the buffer
 */
export function giveGradient({ program }: LayerPlanning, value: Value, write: (gradient: BufferIndex) => void): void {
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
export function handGradient(planning: LayerPlanning, value: Value, gradient: BufferIndex): void {
  const { program } = planning;
  if (value.gradient === null) value.gradient = gradient;
  else {
    const count = program.sizeOf(gradient);
    program.call("add", { a: value.gradient, b: gradient, y: value.gradient, count, factor: 1 });
  }
}
