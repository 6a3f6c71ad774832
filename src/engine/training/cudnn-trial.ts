/**
 * Whether cuDNN's recurrent layers are to be used here: tried on a small network, beside the same network op by op. What is
 * compared are two steps' changes of every weight, so that a gate in another's place or a lost gradient shows.
 */
import { networkSchema } from "../../contract/domain/networks.ts";
import { randomStream } from "../../pipeline/random.ts";
import { createTraining, type Engine } from "./create-training.ts";
import type { CudnnCell } from "../graph/cudnn-ops.ts";
import type { LoadedTensorFlow } from "../tensorflow/tensorflow.ts";
import type { Batch } from "./training-step.ts";

/** Of the length of all changes together. A GPU's products may have 10 bits of mantissa (TF32): some thousandths. */
export const CUDNN_TOLERANCE = 0.02;

const SHAPE = { windowLength: 16, classes: 3 };
const BATCH = 8;
const STEPS = 2;
/** Plain gradient descent: the changes are the gradients, as they are. */
const LEARNING_RATE = 0.5;

/** @returns why not, in words; empty: they may be used */
export function tryCudnn(loaded: LoadedTensorFlow): string {
  for (const cell of ["lstm", "gru"] as const) {
    const difference = cudnnDifference(loaded, cell);
    if (difference < CUDNN_TOLERANCE) continue;
    return `its ${cell.toUpperCase()} changes the weights otherwise than the same layer op by op (by ${(100 * difference).toFixed(1)} %)`;
  }
  return "";
}

/** @returns length of the difference of the weights' changes, over the changes' own; not a number where a weight is none */
export function cudnnDifference(loaded: LoadedTensorFlow, cell: CudnnCell): number {
  const [ours, eager] = (["graph", "eager"] as const).map((engine) => changes(loaded, cell, engine));
  const length = (values: readonly number[]): number => Math.hypot(...values);
  return length(ours.map((change, i) => change - eager[i])) / length(eager);
}

function changes(loaded: LoadedTensorFlow, cell: CudnnCell, engine: Engine): number[] {
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
  const plan = { network, shape: SHAPE, batches: [BATCH], ...settings, microBatches: 1 };
  const training = createTraining({ ...loaded, kernels: null, cudnn: true }, plan, engine);
  // Biases begin at 0 or 1: other values, so that each gate's own shows.
  training.network.setWeights(training.network.weights().map((values) => values.map(() => 0.3 * random.normal())));
  const before = training.network.weights();
  for (let step = 0; step < STEPS; step++) {
    const batch: Batch = {
      values: Float32Array.from({ length: BATCH * SHAPE.windowLength }, () => random.normal()),
      classes: Int32Array.from({ length: BATCH }, () => random.below(SHAPE.classes)),
      weights: new Float32Array(BATCH).fill(1),
    };
    training.step.run(batch, LEARNING_RATE);
  }
  const after = training.network.weights();
  training.step.dispose();
  training.network.dispose();
  return after.flatMap((values, i) => Array.from(values, (value, k) => value - before[i][k]));
}
