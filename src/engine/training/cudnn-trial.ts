/**
 * Tests on a small network whether cuDNN's recurrent layers compute what the same layers compute op by op. It compares
 * the change of every weight over two steps, so that exchanged gates and lost gradients show.
 */
import { networkSchema } from "../../contract/domain/networks.ts";
import { randomStream } from "../../pipeline/random.ts";
import { createTraining, type ExecutionMode } from "./create-training.ts";
import type { CudnnCell } from "../graph/cudnn-ops.ts";
import type { LoadedTensorFlow } from "../tensorflow/tensorflow.ts";
import { randomBatch } from "./random-batch.ts";

/**
 * Largest relative difference, as a share of the length of all changes. Products on a GPU may have 10 bits of mantissa
 * (TF32), which makes some thousandths.
 */
export const CUDNN_TOLERANCE = 0.02;

const SHAPE = { windowLength: 16, classes: 3 };
const BATCH_BEATS = 8;
const STEPS = 2;
/** With plain gradient descent, the changes are proportional to the gradients. */
const LEARNING_RATE = 0.5;

/** Returns why cuDNN can't be used, as text; empty: it can be used. */
export function tryCudnn(loaded: LoadedTensorFlow): string {
  for (const cell of ["lstm", "gru"] as const) {
    const difference = cudnnDifference(loaded, cell);
    if (difference < CUDNN_TOLERANCE) continue;
    return `its ${cell.toUpperCase()} gives other weight changes than the same layer op by op (difference ${(100 * difference).toFixed(1)} %)`;
  }
  return "";
}

/**
 * Returns the length of the difference of both changes, divided by the length of the eager change; NaN where a weight
 * is NaN.
 */
export function cudnnDifference(loaded: LoadedTensorFlow, cell: CudnnCell): number {
  const [graph, eager] = (["graph", "eager"] as const).map((mode) => changes(loaded, cell, mode));
  const length = (values: readonly number[]): number => Math.hypot(...values);
  return length(graph.map((change, i) => change - eager[i])) / length(eager);
}

function changes(loaded: LoadedTensorFlow, cell: CudnnCell, mode: ExecutionMode): number[] {
  const network = networkSchema.parse({
    name: cell,
    layers: [
      { id: "first", kind: cell, units: 12, returnSequences: true },
      { id: "second", kind: cell, units: 8 },
    ],
  });
  const random = randomStream(1, "cudnn", cell);
  const settings = {
    optimizer: { kind: "sgd", momentum: 0, nesterov: false },
    clipping: { kind: "none" },
    seed: 1,
  } as const;
  const plan = { network, shape: SHAPE, batches: [BATCH_BEATS], ...settings };
  const training = createTraining({ ...loaded, cudnn: true }, plan, mode);
  // Initial biases are 0 or 1. Random values distinguish the gates.
  training.network.setWeights(training.network.weights().map((values) => values.map(() => 0.3 * random.normal())));
  const before = training.network.weights();
  for (let step = 0; step < STEPS; step++) {
    training.step.run(randomBatch(network, SHAPE, BATCH_BEATS, random), LEARNING_RATE);
  }
  const after = training.network.weights();
  training.step.dispose();
  training.network.dispose();
  return after.flatMap((values, i) => Array.from(values, (value, k) => value - before[i][k]));
}
