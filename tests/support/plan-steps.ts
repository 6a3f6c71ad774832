/** Trains a few steps of small random batches: what a plan, on any backend, and the step op by op must agree on. */
import {
  optimizerSchema,
  type ClippingSettings,
  type OptimizerSettings,
} from "../../src/contract/domain/optimization.ts";
import type { Backend } from "../../src/engine/backends/backend.ts";
import type { LossShape } from "../../src/engine/networks/loss-shape.ts";
import type { Network } from "../../src/engine/networks/network.ts";
import { createTraining } from "../../src/engine/training/create-training.ts";
import { createPlanTraining, type PlanTraining } from "../../src/engine/training/plan-training.ts";
import type { LoadedTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import type { Batch, TrainingStep } from "../../src/engine/training/training-step.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { randomInputs, shapeOf, type CustomNetwork } from "./custom-networks.ts";
import { largestDifference } from "./floats.ts";

export const PLAN_CLASSES = 5;
/** Beats of each step: full batches, and smaller last ones. */
const STEPS: readonly number[] = [7, 3, 7, 7, 3];
const SIZES = [...new Set(STEPS)];
/** Few, because a prediction always computes all of them. */
const PREDICTED_AT_ONCE = 8;
const SEED = 42;

export interface PlanCase extends CustomNetwork {
  optimizer?: OptimizerSettings;
  clipping?: ClippingSettings;
  loss?: LossShape;
  /** 1e-3 by default. */
  learningRate?: number;
}

export function settingsOf({ optimizer, clipping, loss }: Pick<PlanCase, "optimizer" | "clipping" | "loss">): {
  optimizer: OptimizerSettings;
  clipping: ClippingSettings;
  loss?: LossShape;
  seed: number;
} {
  return {
    ...(loss && { loss }),
    optimizer: optimizer ?? optimizerSchema.parse({ kind: "adam" }),
    clipping: clipping ?? { kind: "none" },
    seed: SEED,
  };
}

export function planTraining(backend: Backend, given: PlanCase, batches: readonly number[] = SIZES): PlanTraining {
  return createPlanTraining(backend, {
    network: given.network,
    shape: shapeOf(given, PLAN_CLASSES),
    batches,
    settings: settingsOf(given),
    predictedAtOnce: PREDICTED_AT_ONCE,
  });
}

export function tensorFlowTraining(
  loaded: LoadedTensorFlow,
  given: PlanCase,
  mode: "eager" | "graph" = "eager",
  batches: readonly number[] = SIZES,
): { network: Network; step: TrainingStep } {
  const shape = shapeOf(given, PLAN_CLASSES);
  return createTraining(loaded, { network: given.network, shape, batches, ...settingsOf(given) }, mode);
}

/** Random beats with row weights from 0 to 2. @param number each draws different beats */
export function randomBatch(given: CustomNetwork, beats: number, number: number): Batch {
  const random = randomStream(3, "plan", number);
  return {
    inputs: randomInputs(given, beats, random),
    classes: Int32Array.from({ length: beats }, () => random.below(PLAN_CLASSES)),
    weights: Float32Array.from({ length: beats }, () => 2 * random.uniform()),
  };
}

/** Largest differences after some steps. */
export interface StepDifferences {
  losses: number;
  correct: number;
  weights: number;
  probabilities: number;
}

/** Trains both sides on the same batches, and disposes them. @param beats of each step */
export function compareSteps(
  { learningRate = 1e-3, ...given }: PlanCase,
  ours: { network: Network; step: TrainingStep },
  theirs: { network: Network; step: TrainingStep },
  beats: readonly number[] = STEPS,
): StepDifferences {
  const results = beats.map((beats, i) => {
    const batch = randomBatch(given, beats, i);
    return [ours, theirs].map(({ step }) => step.run(batch, learningRate));
  });
  const query = randomBatch(given, 3, beats.length).inputs;
  const differences = {
    losses: Math.max(...results.map(([a, b]) => Math.abs(a.loss - b.loss))),
    correct: Math.max(...results.map(([a, b]) => Math.abs(a.correct - b.correct))),
    weights: largestDifference(ours.network.weights(), theirs.network.weights()),
    probabilities: largestDifference([ours.network.probabilities(query)], [theirs.network.probabilities(query)]),
  };
  for (const { step, network } of [ours, theirs]) {
    step.dispose();
    network.dispose();
  }
  return differences;
}
