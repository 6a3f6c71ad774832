/**
 * Trains a small recurrent network for some steps, and prints its losses and weights. A separate process, so that a
 * test can set the number of threads or the width of vectors. Argument: `lstm` or `gru`.
 */
import { loadTensorFlow } from "../../src/engine/tensorflow/tensorflow.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { createRecurrent, RECURRENT_CLASSES, type RecurrentKind } from "./recurrent-training.ts";
import { batchOf } from "./tiny-training.ts";

const WINDOW = 11;
/** Two full blocks of rows for the kernels, and one partial block. */
const BATCHES = [37, 5];

const loaded = await loadTensorFlow("test");
const kind = process.argv[2] as RecurrentKind;
const training = createRecurrent(loaded, { kind, units: [12, 9], windowLength: WINDOW, batches: BATCHES }, "kernels");
const random = randomStream(5, "steps");
const losses = BATCHES.map((batch) => {
  const values = Float32Array.from({ length: batch * WINDOW }, () => random.normal());
  const classes = Int32Array.from({ length: batch }, () => random.below(RECURRENT_CLASSES));
  return training.step.run(batchOf(values, classes), 1e-3).loss;
});
const weights = training.network.weights().map((values) => [...values]);
process.stdout.write(JSON.stringify({ kernels: loaded.kernels, losses, weights }));
