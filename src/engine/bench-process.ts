/**
 * Measures one network's training steps in a process of its own, as prepared for a training: same threads, same graph. Random
 * beats, the same for every step. Prints one JSON line, with the fields that the comparison's peers print.
 */
import { z } from "zod";
import { defaultTraining } from "../contract/defaults.ts";
import { networkNames } from "../contract/training.ts";
import { randomStream } from "../pipeline/random.ts";
import { chooseParts, createTraining } from "./create-training.ts";
import { loadTensorFlow } from "./tensorflow.ts";
import type { Batch } from "./training-step.ts";

/** The reference networks' input and output. */
const WINDOW = 360;
const CLASSES = 14;
const ROUNDS = 5;
/** Steps of a round: as many as take about so long, in ms, within bounds. */
const ROUND = 600;
const STEPS = { least: 5, most: 300 };

const network = z.enum(networkNames).parse(process.argv[2]);
const { batch, learningRate, seed, optimizer, clipping } = defaultTraining(network);
const loaded = await loadTensorFlow("bench");
const { step } = createTraining(loaded, {
  network,
  shape: { windowLength: WINDOW, classes: CLASSES },
  batches: [batch],
  optimizer,
  clipping,
  seed,
  parts: chooseParts(network, loaded.device.cores, loaded.kernels !== null),
});
const random = randomStream(seed, "bench");
const makeBatches = (steps: number): Batch[] =>
  Array.from({ length: steps }, () => ({
    values: Float32Array.from({ length: batch * WINDOW }, () => random.normal()),
    classes: Int32Array.from({ length: batch }, () => random.below(CLASSES)),
    weights: new Float32Array(batch).fill(1),
  }));
const run = (batches: readonly Batch[]): number => {
  const start = performance.now();
  for (const each of batches) step.run(each, learningRate);
  return (performance.now() - start) / batches.length;
};
// As the peers do: two steps first, then rounds.
const first = makeBatches(2);
run(first);
const steps = Math.round(ROUND / run(first));
const batches = makeBatches(Math.max(STEPS.least, Math.min(STEPS.most, steps)));
const rounds = Array.from({ length: ROUNDS }, () => run(batches)).sort((a, b) => a - b);
const ms = rounds[Math.floor(ROUNDS / 2)];
const line = {
  peer: "ectopy",
  model: network,
  batch,
  ms_per_step: Math.round(ms * 1000) / 1000,
  samples_per_s: Math.round((batch / ms) * 1000),
};
process.stdout.write(`${JSON.stringify(line)}\n`);
