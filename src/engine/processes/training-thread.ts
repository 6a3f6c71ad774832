/** The thread of a training process that trains: a run from its start command to its last event, then perhaps another. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { damageOf, reportError } from "../../contract/domain/errors.ts";
import { systemError, withSystemErrors } from "../../contract/domain/system-errors.ts";
import type { BatchProgress, TrainingResult } from "../../contract/domain/training.ts";
import { readCheckpoint, writeCheckpoint } from "../training/checkpoint-files.ts";
import { createTraining } from "../training/create-training.ts";
import { loadEngine } from "../training/load-engine.ts";
import { checkFingerprint, loadPreparation, type LoadedPreparation } from "../training/preparation-files.ts";
import {
  availableMemory,
  beatMemory,
  fittingBatch,
  peakMemory,
  refuseTooLarge,
  resetPeakMemory,
  withMemoryErrors,
} from "../training/memory.ts";
import { lossShapeOf } from "../networks/loss-shape.ts";
import { saveModel } from "../exchange/model-files.ts";
import type { Predictions } from "../training/predict.ts";
import { StepLog } from "../training/step-log.ts";
import { openThreadChannel } from "./thread-channel.ts";
import { batchSizes, testOnly, train, type TrainingWatch } from "../training/train.ts";
import { TrainingControl } from "../training/training-control.ts";
import { trainingCommandSchema, type TrainingEvent, type TrainingJob } from "./training-messages.ts";
import { endOnUncaught, writeError } from "./uncaught.ts";

/** Interval between progress messages: a screen needs no more, and each message costs time in both processes. */
const PROGRESS_INTERVAL_MS = 100;

endOnUncaught();
const line = openThreadChannel();
/** State of the current run. A run that follows in the same process has its own. */
let { steps, control } = stateOf("");
let runs = 0;

/** @param fingerprint of the preparation */
function stateOf(fingerprint: string): { steps: StepLog; control: TrainingControl } {
  const log = new StepLog((curves) => void send({ type: "steps", curves }));
  return {
    steps: log,
    control: new TrainingControl({
      onPaused: () => void send({ type: "paused" }),
      onContinued: () => void send({ type: "continued" }),
      writeCheckpoint(folder, state) {
        // Sends the steps that the checkpoint includes before the checkpoint itself.
        log.flush();
        try {
          const sha256 = writeCheckpoint(folder, state, fingerprint);
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
    }),
  };
}

line.listen((message) => {
  const command = trainingCommandSchema.parse(message);
  switch (command.type) {
    case "start":
      ({ steps, control } = stateOf(command.job.dataFingerprint));
      if (runs++ > 0) resetPeakMemory();
      void run(command.job, command.keep === true);
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

/** @param keep whether the process waits for another run */
async function run(job: TrainingJob, keep: boolean): Promise<void> {
  try {
    await send({ type: "done", result: await trainJob(job) });
    if (keep) return;
  } catch (error) {
    writeError(error instanceof Error ? (error.stack ?? error.message) : String(error));
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

async function trainJob({
  settings,
  outputFolder,
  version,
  checkpoint,
  imported,
  initial,
  adapter,
  ...job
}: TrainingJob): Promise<TrainingResult> {
  const from = checkpoint && readCheckpoint(checkpoint.folder, checkpoint.sha256, job.dataFingerprint);
  const preparation = readPreparation(job);
  const loaded = await loadEngine(version, settings, {
    adapter,
    onFallback: (message) => void send({ type: "warning", message }),
  });
  const { device } = loaded;
  await send({ type: "device", device });
  const { shape } = preparation;
  const batches = batchSizes(preparation.sets.train.length, settings);
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
  const { network, predictions, validated, ...trained } = await withMemoryErrors(settings.batch, fitting, async () => {
    const training = createTraining(loaded, {
      network: settings.network,
      shape,
      batches,
      optimizer: settings.optimizer,
      clipping: settings.clipping,
      loss: lossShapeOf(settings.loss, classCounts(preparation)),
      seed: settings.seed,
      precision: settings.precision,
    });
    await line.shareInterruption(training.interruption);
    const { network } = training;
    if (initial !== null) network.setWeights(initial);
    if (imported === null) {
      return { network, ...(await train(training, preparation, settings, { ...watch, from: from ?? undefined })) };
    }
    network.setWeights(imported);
    return { network, ...(await testOnly(training, preparation, watch)) };
  });
  await withSystemErrors(`the trained model in ${outputFolder}`, () => {
    saveModel(network, outputFolder);
    writePredictions(outputFolder, "test", predictions);
    writePredictions(outputFolder, "validation", validated);
  });
  return { ...trained, device: { ...device, peakMemory: peakMemory() } };
}

/** Returns the number of training beats of each class. */
function classCounts({ labels, source: { classes }, sets: { train } }: LoadedPreparation): number[] {
  const counts = labels.map(() => 0);
  for (const example of train) counts[classes[example]]++;
  return counts;
}

/** Limits the rate of progress messages; the last one of an epoch always passes. */
function throttled(forward: (progress: BatchProgress) => void): (progress: BatchProgress) => void {
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (progress.step < progress.steps && now - last < PROGRESS_INTERVAL_MS) return;
    last = now;
    forward(progress);
  };
}

/**
 * Writes the class probabilities of a set, in its order: the beats behind each metric can be listed from them, and the
 * temperature be fitted again.
 */
function writePredictions(folder: string, set: "test" | "validation", { probabilities }: Predictions): void {
  writeFileSync(join(folder, `${set}-probabilities.f32`), probabilities);
}

function send(event: TrainingEvent): Promise<void> {
  return line.send(event);
}
