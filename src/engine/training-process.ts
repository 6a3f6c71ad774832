/** A training process: one run, from its start message to its last word. A crash here ends this run and nothing else. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportError } from "../contract/errors.ts";
import { withSystemErrors } from "../contract/system-errors.ts";
import type { BatchProgress } from "../contract/training.ts";
import { chooseParts, createTraining } from "./create-training.ts";
import { loadDataset } from "./dataset-files.ts";
import { saveModel } from "./model-files.ts";
import type { Predictions } from "./predict.ts";
import { loadTensorFlow } from "./tensorflow.ts";
import { batchSizes, train } from "./train.ts";
import type { TrainingCommand, TrainingEvent, TrainingJob } from "./training-messages.ts";

/** A screen needs no more; each message costs both sides. In ms. */
const PROGRESS_EVERY = 100;

const cancel = new AbortController();

process.on("message", (command: TrainingCommand) => {
  switch (command.type) {
    case "start":
      void run(command.job);
      break;
    case "cancel":
      cancel.abort();
      break;
  }
});
// Nobody would hear the result: the run was marked as interrupted with its parent.
process.on("disconnect", () => process.exit(1));

async function run(job: TrainingJob): Promise<void> {
  try {
    await send({ type: "done", result: await trainJob(job) });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    await send({ type: "failed", error: reportError(error) });
  }
  process.exit(0);
}

async function trainJob({ settings, datasetFolder, outputFolder, version }: TrainingJob) {
  const dataset = loadDataset(datasetFolder);
  const loaded = await loadTensorFlow(version);
  const { tf, device, warning } = loaded;
  await send({ type: "device", device, ...(warning === undefined ? {} : { warning }) });
  const { network, step } = createTraining(loaded, {
    network: settings.network,
    shape: { windowLength: dataset.source.length, classes: dataset.labels.length },
    batches: batchSizes(dataset.parts.train.length, settings),
    learningRate: settings.learningRate,
    seed: settings.seed,
    parts: chooseParts(settings.network, device.cores),
  });
  const { predictions, ...trained } = await train(network, step, dataset, settings, {
    onProgress: throttled((progress) => void send({ type: "progress", progress })),
    onEvaluating: (progress) => void send({ type: "evaluating", progress }),
    onEpoch: (metrics) => void send({ type: "epoch", metrics }),
    signal: cancel.signal,
  });
  await withSystemErrors(`the trained model in ${outputFolder}`, async () => {
    await saveModel(tf, network, outputFolder);
    writePredictions(outputFolder, predictions);
  });
  return { ...trained, device };
}

/** The last of an epoch always passes. */
function throttled(forward: (progress: BatchProgress) => void): (progress: BatchProgress) => void {
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (progress.step < progress.steps && now - last < PROGRESS_EVERY) return;
    last = now;
    forward(progress);
  };
}

/** Probabilities on the test part, in its order: from a figure, the beats behind it can be found. */
function writePredictions(folder: string, { probabilities }: Predictions): void {
  writeFileSync(join(folder, "test-probabilities.f32"), probabilities);
}

function send(event: TrainingEvent): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send!(event, undefined, undefined, (error) => (error ? reject(error) : resolve()));
  });
}
