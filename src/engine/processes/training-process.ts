/** A training process: one run, from its start message to its last word. A crash here ends this run and nothing else. */
import { writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { damageOf, reportError } from "../../contract/domain/errors.ts";
import { systemError, withSystemErrors } from "../../contract/domain/system-errors.ts";
import type { BatchProgress } from "../../contract/domain/training.ts";
import { readCheckpoint, writeCheckpoint } from "../training/checkpoint-files.ts";
import { createTraining } from "../training/create-training.ts";
import { checkFingerprint, loadPreparation, type LoadedPreparation } from "../training/preparation-files.ts";
import {
  availableMemory,
  beatMemory,
  fittingBatch,
  peakMemory,
  refuseTooLarge,
  withMemoryErrors,
} from "../training/memory.ts";
import { saveModel } from "../training/model-files.ts";
import type { Predictions } from "../training/predict.ts";
import { StepLog } from "../training/step-log.ts";
import { openParentChannel } from "./parent-channel.ts";
import { loadTensorFlow, type LoadedTensorFlow } from "../tensorflow/tensorflow.ts";
import { batchSizes, testOnly, train, type TrainingWatch } from "../training/train.ts";
import { TrainingControl } from "../training/training-control.ts";
import { candidatesFor, type Operations } from "../training/tuning.ts";
import type { TrainingCommand, TrainingEvent, TrainingJob } from "./training-messages.ts";
import { endOnUncaught } from "./uncaught.ts";

/** A screen needs no more; each message costs both sides. In ms. */
const PROGRESS_EVERY = 100;

// The window, and what else is done at this machine, comes first. Where that may not be changed, it trains all the same.
try {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
}

endOnUncaught();
const line = openParentChannel();
const steps = new StepLog((curves) => void send({ type: "steps", curves }));
let dataFingerprint = "";
const control = new TrainingControl({
  onPaused: () => void send({ type: "paused" }),
  onContinued: () => void send({ type: "continued" }),
  writeCheckpoint(folder, state) {
    // So that nothing of what the checkpoint holds comes after it.
    steps.flush();
    try {
      const sha256 = writeCheckpoint(folder, state, dataFingerprint);
      const position = { epochs: state.epochs.length, steps: state.optimizer.steps };
      void send({ type: "checkpoint", folder, sha256, ...position });
    } catch (error) {
      void send({
        type: "checkpoint-failed",
        folder,
        error: reportError(systemError(error, `a checkpoint in ${folder}`)),
      });
    }
  },
});

line.listen((message) => {
  const command = message as TrainingCommand;
  switch (command.type) {
    case "start":
      void run(command.job);
      break;
    case "cancel":
      control.cancel();
      break;
    case "pause":
    case "continue":
      control.setPaused(command.type === "pause");
      break;
    case "checkpoint":
      control.requestCheckpoint(command.folder);
      break;
  }
});

async function run(job: TrainingJob): Promise<void> {
  try {
    await send({ type: "done", result: await trainJob(job) });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    await send({ type: "failed", error: reportError(error) });
  }
  process.exit(0);
}

/** @throws EctopyError `damaged-file`, about the preparation */
function readPreparation({
  preparation,
  preparationFolder,
  dataFingerprint: fingerprint,
}: Pick<TrainingJob, "preparation" | "preparationFolder" | "dataFingerprint">): LoadedPreparation {
  try {
    checkFingerprint(preparationFolder, fingerprint);
    return loadPreparation(preparationFolder);
  } catch (error) {
    throw damageOf({ kind: "preparations", id: preparation }, error);
  }
}

async function trainJob({ settings, outputFolder, version, checkpoint, imported, ...job }: TrainingJob) {
  dataFingerprint = job.dataFingerprint;
  const from = checkpoint && readCheckpoint(checkpoint.folder, checkpoint.sha256, dataFingerprint);
  const dataset = readPreparation(job);
  const loaded = await loadTensorFlow(version);
  const { tf, device, warning } = loaded;
  await send({ type: "device", device, ...(warning === undefined ? {} : { warning }) });
  const shape = { windowLength: dataset.source.length, classes: dataset.labels.length };
  const batches = batchSizes(dataset.sets.train.length, settings);
  const perBeat = beatMemory(settings.network, shape);
  const available = availableMemory();
  const fitting = fittingBatch(perBeat, available);
  await send({ type: "memory", fittingBatch: fitting });
  refuseTooLarge(Math.max(...batches), perBeat, available);
  const watch: TrainingWatch = {
    onProgress: throttled((progress) => void send({ type: "progress", progress })),
    onEvaluating: (progress) => void send({ type: "evaluating", progress }),
    onEpoch: (metrics) => {
      steps.flush();
      void send({ type: "epoch", metrics });
    },
    onStep: (number, result, beats) => steps.add(number, result, beats),
    between: (_, capture) => control.between(capture),
    signal: control.signal,
  };
  const [{ microBatches, convolutions }] = candidatesFor(settings, device.cores, operationsOf(loaded));
  const { network, predictions, ...trained } = await withMemoryErrors(settings.batch, fitting, async () => {
    const training = createTraining(loaded, {
      network: settings.network,
      shape,
      batches,
      optimizer: settings.optimizer,
      clipping: settings.clipping,
      seed: settings.seed,
      microBatches,
      convolutions,
      precision: settings.precision,
    });
    const { network } = training;
    if (imported === null) {
      return { network, ...(await train(training, dataset, settings, watch, from ?? undefined)) };
    }
    network.setWeights(imported);
    return { network, ...(await testOnly(training, dataset, watch)) };
  });
  await withSystemErrors(`the trained model in ${outputFolder}`, async () => {
    await saveModel(tf, network, outputFolder);
    writePredictions(outputFolder, predictions);
  });
  return { ...trained, device: { ...device, peakMemory: peakMemory() } };
}

function operationsOf({ kernels, cudnn }: LoadedTensorFlow): Operations {
  if (kernels !== null) return "ectopy";
  return cudnn ? "cudnn" : "none";
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
  return line.send(event);
}
