/**
 * Measures a network's training steps in a process of its own, as prepared for a training: same threads, same graph. Random
 * beats. Reads what to measure as JSON from its first argument; says what it measured.
 */
import { defaultTraining } from "../../contract/settings/defaults.ts";
import { randomStream } from "../../pipeline/random.ts";
import { benchJobSchema, type BenchResult } from "./bench-messages.ts";
import { createTraining } from "../training/create-training.ts";
import { peakMemory } from "../training/memory.ts";
import { openParentChannel } from "./parent-channel.ts";
import { loadTensorFlow } from "../tensorflow/tensorflow.ts";
import type { Batch } from "../training/training-step.ts";
import { endOnUncaught } from "./uncaught.ts";

/** Beats are made anew for so many steps at most. */
const MOST_STEPS = 300;

endOnUncaught();
const line = openParentChannel();
const { network, shape, batch, microBatches, convolutions, precision, ...wanted } = benchJobSchema.parse(
  JSON.parse(process.argv[2]),
);
const { learningRate, seed, optimizer, clipping } = defaultTraining(network);
const loaded = await loadTensorFlow("bench");
const plan = { network, shape, batches: [batch], optimizer, clipping, seed, microBatches, convolutions, precision };
const { step } = createTraining(loaded, plan);
const random = randomStream(seed, "bench");
const makeBatches = (steps: number): Batch[] =>
  Array.from({ length: steps }, () => ({
    values: Float32Array.from({ length: batch * shape.windowLength }, () => random.normal()),
    classes: Int32Array.from({ length: batch }, () => random.below(shape.classes)),
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
const steps = Math.round(wanted.milliseconds / run(first));
const batches = makeBatches(Math.max(wanted.leastSteps, Math.min(MOST_STEPS, steps)));
const rounds = Array.from({ length: wanted.rounds }, () => run(batches)).sort((a, b) => a - b);
const result: BenchResult = {
  backend: loaded.device.backend,
  milliseconds: rounds[Math.floor(rounds.length / 2)],
  peakMemory: peakMemory(),
};
await line.send(result);
process.exit(0);
