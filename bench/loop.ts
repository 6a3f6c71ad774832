/**
 * The training loop against the bare step, alternating in one process: `node bench/loop.ts NETWORK [ROUNDS]`. Random
 * beats, half of them interpolated by the SMOTE recipe when a batch is filled, shuffled over 60,000. Prints one JSON
 * line; `share` is the loop's rate divided by the step's. A child process measures, with the threads and memory
 * settings of a training.
 */
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { z } from "zod";
import { defaultTraining } from "../src/contract/settings/defaults.ts";
import { networkNames } from "../src/contract/domain/training.ts";
import { createTraining } from "../src/engine/training/create-training.ts";
import { trainingEnvironment } from "../src/engine/processes/process-environment.ts";
import { loadEngine } from "../src/engine/training/load-engine.ts";
import { train } from "../src/engine/training/train.ts";
import { randomStream } from "../src/pipeline/random.ts";
import { median } from "./statistics.ts";

const WINDOW = 360;
const CLASSES = 14;
const REAL = 30_000;
/**
 * Steps per round, equal for the loop and the bare step; for the ANN a whole epoch, since shuffling is a notable part
 * of its time.
 */
const STEPS = { ann: 937, cnn: 20, lstm: 4 };

const chosen = z.enum(networkNames).safeParse(process.argv[2]);
if (!chosen.success) {
  console.error(`usage: node bench/loop.ts ${networkNames.join("|")} [ROUNDS]`);
  process.exit(2);
}
const network = chosen.data;
const rounds = z.coerce.number().int().min(1).default(7).parse(process.argv[3]);
if (process.env["ECTOPY_BENCH_LOOP"] === undefined) {
  const env = {
    ...process.env,
    ...trainingEnvironment({ threads: availableParallelism(), gpu: false }),
    ECTOPY_BENCH_LOOP: "inside",
  };
  process.exit(spawnSync(process.execPath, process.argv.slice(1), { env, stdio: "inherit" }).status ?? 1);
}
const settings = { ...defaultTraining(network), epochs: rounds + 1, patience: 0, stepsPerEpoch: STEPS[network] };
const loaded = await loadEngine("bench", settings);
const shape = { windowLength: WINDOW, classes: CLASSES };
const training = createTraining(loaded, {
  network,
  shape,
  batches: [settings.batch],
  optimizer: settings.optimizer,
  clipping: settings.clipping,
  seed: settings.seed,
});

const random = randomStream(1, "loop");
const below = (end: number, length: number): Uint32Array => Uint32Array.from({ length }, () => random.below(end));
const order = Uint32Array.from({ length: 2 * REAL }, (_, i) => i);
const few = order.subarray(0, 64);
const dataset = {
  labels: Array.from({ length: CLASSES }, (_, i) => `class ${i}`),
  shape,
  source: {
    length: WINDOW,
    realCount: REAL,
    values: Float32Array.from({ length: REAL * WINDOW }, () => random.normal()),
    classes: Uint8Array.from(order, () => random.below(CLASSES)),
    recipe: {
      base: below(REAL, REAL),
      neighbour: below(REAL, REAL),
      lambda: Float32Array.from({ length: REAL }, () => random.uniform()),
    },
  },
  sets: { train: order, validation: few, test: few },
  featureNames: [],
};
const batches = Array.from({ length: STEPS[network] }, () => ({
  inputs: [Float32Array.from({ length: settings.batch * WINDOW }, () => random.normal())],
  classes: Int32Array.from({ length: settings.batch }, () => random.below(CLASSES)),
  weights: new Float32Array(settings.batch).fill(1),
}));

const pairs: { loop: number; bare: number }[] = [];
await train(training, dataset, settings, {
  onProgress: () => {},
  onEvaluating: () => {},
  onEpoch: ({ seconds }) => {
    const began = performance.now();
    for (const batch of batches) training.step.run(batch, settings.learningRate);
    pairs.push({ loop: (seconds * 1000) / batches.length, bare: (performance.now() - began) / batches.length });
  },
  signal: new AbortController().signal,
});
// The first round is a warm-up.
const timed = pairs.slice(1);
const line = {
  model: network,
  batch: settings.batch,
  ms_per_step: median(timed.map(({ bare }) => bare)),
  ms_per_step_in_loop: median(timed.map(({ loop }) => loop)),
  share: median(timed.map(({ loop, bare }) => bare / loop)),
};
process.stdout.write(
  `${JSON.stringify(line, (_, value: unknown) => (typeof value === "number" ? Math.round(value * 1000) / 1000 : value))}\n`,
);
