/** Adds gradient clipping and the optimizer to a program, each as one call over all weights. */
import type { ClippingSettings, OptimizerSettings } from "../../contract/domain/optimization.ts";
import { correctedRate } from "./optimizer-values.ts";
import { stepNumbers, STEP_NUMBERS, type StateLayout } from "./plan.ts";
import type { BufferIndex, ProgramBuilder } from "./program-builder.ts";

export function planClipping(
  program: ProgramBuilder,
  clipping: ClippingSettings,
  state: StateLayout,
  numbers: BufferIndex,
): void {
  if (clipping.kind === "none") return;
  const gradients = program.state("gradients", state.trainableFloats, state.gradients);
  if (clipping.kind === "value") {
    program.call("clip-values", { numbers, gradients, count: state.trainableFloats });
    return;
  }
  const segments = constantOf(program, state, "segments")!;
  const together = clipping.kind === "global-norm" ? 1 : 0;
  program.call("clip-norms", { numbers, gradients, segments, count: program.sizeOf(segments) / 2, together });
}

/** Returns the buffer of a constant; null where the plan has none. */
export function constantOf(
  program: ProgramBuilder,
  { constants }: StateLayout,
  name: StateLayout["constants"][number]["name"],
): BufferIndex | null {
  const found = constants.find((each) => each.name === name);
  return found === undefined ? null : program.state(name, found.values.length, found.offset);
}

export function planOptimizer(
  program: ProgramBuilder,
  optimizer: OptimizerSettings,
  state: StateLayout,
  numbers: BufferIndex,
): void {
  const count = state.trainableFloats;
  const gradients = program.state("gradients", count, state.gradients);
  const weights = program.state("weights", count, 0);
  const [first, second] = state.slots.map(({ name, offset }) => program.state(`optimizer/${name}`, count, offset));
  const given = { numbers, gradients, weights, count };
  switch (optimizer.kind) {
    case "adam":
    case "adamw": {
      const { beta1, beta2, epsilon } = optimizer;
      const decays = decayOf(optimizer) > 0 ? 1 : 0;
      program.call("adam", { ...given, mean: first, square: second, decays, beta1, beta2, epsilon });
      break;
    }
    case "sgd": {
      const { momentum, nesterov } = optimizer;
      program.call("sgd", { ...given, velocity: momentum > 0 ? first : null, nesterov: nesterov ? 1 : 0, momentum });
      break;
    }
    case "rmsprop": {
      const { rho, momentum, epsilon } = optimizer;
      program.call("rmsprop", { ...given, square: first, change: second, rho, momentum, epsilon });
      break;
    }
  }
}

function decayOf(optimizer: OptimizerSettings): number {
  return optimizer.kind === "adamw" ? optimizer.weightDecay : 0;
}

export interface StepState {
  /** From 1. */
  step: number;
  learningRate: number;
  /** Limit of clipping; 0 where gradients are not clipped. */
  clippingLimit: number;
  /** Seed of the dropout masks: two int32. */
  seed: Int32Array;
}

/**
 * Writes the numbers of a step. Adam's bias correction is part of its learning rate. `kept` is the share of a weight that
 * AdamW keeps.
 * @param floats at least {@link STEP_NUMBERS} floats
 */
export function writeStepNumbers(
  floats: Float32Array,
  optimizer: OptimizerSettings,
  { step, learningRate, clippingLimit, seed }: StepState,
): void {
  floats[stepNumbers.learningRate] = rateOf(optimizer, step, learningRate);
  floats[stepNumbers.kept] = 1 - learningRate * decayOf(optimizer);
  floats[stepNumbers.clippingLimit] = clippingLimit;
  const bits = new Int32Array(floats.buffer, floats.byteOffset, STEP_NUMBERS);
  bits.set(seed, stepNumbers.seed);
}

function rateOf(optimizer: OptimizerSettings, step: number, learningRate: number): number {
  if (optimizer.kind !== "adam" && optimizer.kind !== "adamw") return learningRate;
  return correctedRate(learningRate, optimizer.beta1 ** step, optimizer.beta2 ** step);
}
