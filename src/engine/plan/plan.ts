/**
 * A training step as data: buffers in one memory, and calls of kernels on them. A plan is made once for a network, its
 * shapes and its optimizer; every backend executes the same plan.
 */
import type { LayerWeight } from "../networks/layer-weights.ts";
import type { KernelName } from "./kernels.ts";

/** Buffers begin at multiples of this many floats: a cache line. */
export const ALIGNMENT_FLOATS = 16;

/** Rounds up to whole cache lines. */
export function aligned(floats: number): number {
  return Math.ceil(floats / ALIGNMENT_FLOATS) * ALIGNMENT_FLOATS;
}

/**
 * Where a buffer lies:
 * - `state`: weights, gradients, slots of the optimizer, moving statistics, constants; the same in all programs;
 * - `feed`: input and output of a step. It has a copy for each step of a block;
 * - `scratch`: values within a step. Buffers that are not in use at the same time share memory.
 */
export type Region = "state" | "feed" | "scratch";

export interface PlanBuffer {
  /** Such as `dense-1/kernel` or `dense-1/output`. */
  name: string;
  region: Region;
  floats: number;
  /** Position in its region, in floats: a multiple of {@link ALIGNMENT_FLOATS}. */
  offset: number;
}

export interface KernelCall {
  kernel: KernelName;
  /** Id of the layer; empty for loss, clipping and optimizer. */
  layer: string;
  /** Indices into the program's buffers, in the order of the kernel's table; −1: missing. */
  buffers: number[];
  integers: number[];
  reals: number[];
}

/** A step of one batch size, or a prediction. */
export interface Program {
  buffers: PlanBuffer[];
  calls: KernelCall[];
  /** Size of its feed for one step, and of its scratch memory, in floats. */
  feedFloats: number;
  scratchFloats: number;
  /** Buffers that the caller writes and reads, by their indices: the inputs that the network uses, in their order. */
  inputs: number[];
}

export interface TrainingProgram extends Program {
  /** Beats. */
  batch: number;
  truth: number;
  weights: number;
  numbers: number;
  result: number;
}

export interface PredictionProgram extends Program {
  /** Beats. */
  batch: number;
  probabilities: number;
  /** Output of the last hidden layer; absent unless the settings keep it. */
  hidden?: number;
}

/**
 * Gradients of a weighted sum of the logits by the inputs, in a prediction: dropout and noise are left out, normalizations
 * use their moving statistics.
 */
export interface ExplanationProgram extends Program {
  /** Beats. */
  batch: number;
  /** The weights of the logits, [batch, classes]. */
  logitWeights: number;
  /** Gradient by each input, in the order of the inputs. */
  gradients: number[];
  /** Last convolution along the time of an input, for each input that has one. */
  maps: ConvolutionMap[];
}

/** Output of a convolution, [batch, time, channels], and the gradient by it. */
export interface ConvolutionMap {
  /** Position of the input among the inputs of the program. */
  input: number;
  output: number;
  gradient: number;
  time: number;
  channels: number;
}

/** A weight in the plan's memory. */
export interface PlannedWeight extends LayerWeight {
  floats: number;
  /** Position in the state, in floats. */
  offset: number;
}

export interface StateLayout {
  floats: number;
  /** In the model's order. */
  weights: PlannedWeight[];
  /** Floats of all trainable weights, which lie at the beginning; each weight begins at a cache line. */
  trainableFloats: number;
  /** Positions of the optimizer's slots: each has {@link trainableFloats} floats, arranged like the weights. */
  slots: { name: string; offset: number }[];
  gradients: number;
  /** Values that never change, as bits: positions of the gradients for clipping, the logits' adjustment, zeros. */
  constants: { name: "segments" | "adjustment" | "zeros"; offset: number; values: Int32Array }[];
}

export interface Plan {
  state: StateLayout;
  /** One for each batch size. */
  training: TrainingProgram[];
  prediction: PredictionProgram;
  explanations: ExplanationProgram[];
}

/** Returns all programs of a plan. */
export function programsOf({ training, prediction, explanations }: Plan): Program[] {
  return [...training, prediction, ...explanations];
}

/**
 * Numbers of a step, in its buffer `numbers`. The seed is two int32.
 */
export const stepNumbers = { learningRate: 0, kept: 1, clippingLimit: 2, seed: 3 } as const;
export const STEP_NUMBERS = 5;
