/**
 * Measures the training steps of a network in a separate process, with the threads and the graph of a training, on
 * random beats. Argument: a `BenchJob` as JSON. Answer: a `BenchResult`.
 */
import { networkOf } from "../../contract/settings/network-presets.ts";
import { defaultTraining } from "../../contract/settings/defaults.ts";
import { randomStream } from "../../pipeline/random.ts";
import { benchJobSchema, type BenchResult } from "./bench-messages.ts";
import { createTraining } from "../training/create-training.ts";
import { randomBatch } from "../training/random-batch.ts";
import { peakMemory } from "../training/memory.ts";
import { openParentChannel } from "./parent-channel.ts";
import { loadEngine } from "../training/load-engine.ts";
import type { Batch } from "../training/training-step.ts";
import { endOnUncaught } from "./uncaught.ts";

/** Upper bound of the batches of random beats, and so of the steps of a round. */
const MAX_STEPS = 300;

endOnUncaught();
const line = openParentChannel();
const { network, shape, batch, precision, backend, adapter, ...rounding } = benchJobSchema.parse(
  JSON.parse(process.argv[2]),
);
const { learningRate, seed, optimizer, clipping } = defaultTraining(network);
const loaded = await loadEngine("bench", { backend, precision }, { adapter });
const plan = { network, shape, batches: [batch], optimizer, clipping, seed, precision };
const { blocks } = createTraining(loaded, plan);
const random = randomStream(seed, "bench");
const makeBatches = (steps: number): Batch[] =>
  Array.from({ length: steps }, () => randomBatch(networkOf(network), shape, batch, random));
const run = (batches: readonly Batch[]): number => {
  const start = performance.now();
  for (let from = 0; from < batches.length; from += blocks.capacity) {
    const block = batches.slice(from, from + blocks.capacity);
    block.forEach((each, i) => {
      const { inputs, classes, weights } = blocks.batch(i, batch);
      inputs.forEach((input, k) => input.set(each.inputs[k]));
      classes.set(each.classes);
      weights.set(each.weights);
    });
    blocks.run(
      batch,
      block.map(() => learningRate),
    );
  }
  return (performance.now() - start) / batches.length;
};
// Like the benchmarks of other libraries: two warm-up steps, then rounds.
const first = makeBatches(2);
run(first);
const steps = Math.round(rounding.milliseconds / run(first));
const batches = makeBatches(Math.max(rounding.leastSteps, Math.min(MAX_STEPS, steps)));
const rounds = Array.from({ length: rounding.rounds }, () => run(batches)).sort((a, b) => a - b);
const result: BenchResult = {
  backend: loaded.device.backend,
  milliseconds: rounds[Math.floor(rounds.length / 2)],
  peakMemory: peakMemory(),
};
await line.send(result);
process.exit(0);
