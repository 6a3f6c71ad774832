/** Compares the training of a recurrent network on an execution path with the same training op by op. */
import { expect } from "vitest";
import type { LoadedTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { largestDifference } from "./floats.ts";
import { createRecurrent, RECURRENT_CLASSES, type RecurrentPlan } from "./recurrent-training.ts";
import { batchOf, disposeTraining } from "./tiny-training.ts";

/**
 * Largest differences between an execution path and the eager step: losses, weights after two rounds of batches,
 * probabilities.
 */
export function differencesFromEager(
  loaded: LoadedTensorFlow,
  plan: RecurrentPlan,
  mode: "loops" | "kernels" | "cudnn",
): { losses: number; weights: number; probabilities: number } {
  const [ours, eager] = [mode, "eager" as const].map((each) => createRecurrent(loaded, plan, each));
  const random = randomStream(9, plan.kind);
  const rows = (n: number) => Float32Array.from({ length: n * plan.windowLength }, () => random.normal());
  const losses = [...plan.batches, ...plan.batches].map((size) => {
    const values = rows(size);
    const classes = Int32Array.from({ length: size }, () => random.below(RECURRENT_CLASSES));
    const batch = batchOf(values, classes);
    const [a, b] = [ours, eager].map(({ step }) => step.run(batch, 1e-3));
    return Math.abs(a.loss - b.loss);
  });
  const weights = largestDifference(ours.network.weights(), eager.network.weights());
  const query = rows(3);
  const probabilities = largestDifference([ours.network.probabilities(query)], [eager.network.probabilities(query)]);
  [ours, eager].forEach(disposeTraining);
  return { losses: Math.max(...losses), weights, probabilities };
}

/** Expects differences within the bounds of float32 sums in another order. */
export function expectAsEager({ losses, weights, probabilities }: ReturnType<typeof differencesFromEager>): void {
  expect(losses).toBeLessThan(1e-5);
  // Adam divides by √v: where a gradient is near 0, a rounding of it moves a weight by a fraction of the learning rate.
  expect(weights).toBeLessThan(1e-4);
  expect(probabilities).toBeLessThan(1e-4);
}
