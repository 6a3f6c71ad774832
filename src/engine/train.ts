/** The training loop: epochs of batches, early stopping on validation loss, the best weights kept, tested at the end. */
import { setImmediate } from "node:timers/promises";
import { CancelledError, EctopyError } from "../contract/errors.ts";
import type { Evaluation } from "../contract/evaluation.ts";
import type { ReportProgress } from "../contract/jobs.ts";
import type { Part } from "../contract/preparation.ts";
import type { BatchProgress, EpochMetrics, TrainingResult, TrainingSettings } from "../contract/training.ts";
import { epochOrder, fillBatch } from "../pipeline/beats/batches.ts";
import { evaluate } from "../pipeline/evaluation/evaluate.ts";
import type { PreparedDataset } from "./dataset-files.ts";
import type { Network } from "./network.ts";
import { predict, type Predictions } from "./predict.ts";
import type { TrainingStep } from "./training-step.ts";

export interface TrainingWatch {
  onProgress: (progress: BatchProgress) => void;
  onEvaluating: ReportProgress;
  onEpoch: (metrics: EpochMetrics) => void;
  /** Aborted: stop at the next step; the best epoch so far is kept and tested. */
  signal: AbortSignal;
}

export type Trained = Omit<TrainingResult, "device"> & {
  /** On the test part, in its order, with the best weights. */
  predictions: Predictions;
};

/** Messages are let in this often, in ms. */
const BREATHE_EVERY = 50;

/**
 * Trains the network in place; it ends with the best epoch's weights.
 * @throws CancelledError where it was stopped before an epoch had ended; EctopyError `training-failed` where the loss or a
 *   weight is no number any more
 */
export async function train(
  network: Network,
  step: TrainingStep,
  dataset: PreparedDataset,
  settings: TrainingSettings,
  watch: TrainingWatch,
): Promise<Trained> {
  const began = performance.now();
  const breathe = createBreather();
  const test = async (part: Part, label: string): Promise<{ evaluation: Evaluation; predictions: Predictions }> => {
    const examples = dataset.parts[part];
    const predictions = await predict(network, dataset.source, examples, async (done) => {
      watch.onEvaluating({ stage: label, done, total: examples.length, unit: "beats" });
      await breathe();
    });
    return { evaluation: evaluate(predictions.probabilities, predictions.truth, dataset.labels), predictions };
  };

  const epochs: EpochMetrics[] = [];
  let best: { epoch: number; validation: Evaluation; weights: Float32Array[] } | null = null;
  let stoppedEarly = false;
  for (let epoch = 1; epoch <= settings.epochs && !stoppedEarly; epoch++) {
    const trained = await trainEpoch(network, step, dataset, settings, epoch, watch, breathe);
    if (trained === null) break;
    const weights = network.weights();
    // Fused operations may take a weight that is no number for a 0, and go on with a loss that looks like one.
    const sound = weights.every((values) => values.every(Number.isFinite));
    if (!sound) throw diverged(network, "weights are no numbers", `epoch ${epoch}`, settings);
    const validationBegan = performance.now();
    const { evaluation } = await test("validation", `Validating epoch ${epoch}`);
    if (!Number.isFinite(evaluation.loss)) {
      throw diverged(network, "loss is no number", `epoch ${epoch}, validation`, settings);
    }
    const metrics: EpochMetrics = {
      epoch,
      trainLoss: trained.loss,
      trainAccuracy: trained.accuracy,
      validationLoss: evaluation.loss,
      validationAccuracy: evaluation.accuracy,
      validationMacroF1: evaluation.macroF1,
      seconds: trained.seconds,
      validationSeconds: (performance.now() - validationBegan) / 1000,
    };
    epochs.push(metrics);
    watch.onEpoch(metrics);
    if (best === null || evaluation.loss < best.validation.loss) {
      best = { epoch, validation: evaluation, weights };
    }
    stoppedEarly = settings.patience > 0 && epoch - best.epoch >= settings.patience;
  }
  if (best === null) throw new CancelledError("Stopped before the first epoch had ended: there is nothing to keep.");

  network.setWeights(best.weights);
  const tested = await test("test", "Evaluating on test");
  return {
    bestEpoch: best.epoch,
    epochs,
    stoppedEarly,
    cancelled: watch.signal.aborted,
    validation: best.validation,
    test: tested.evaluation,
    predictions: tested.predictions,
    parameters: network.parameters,
    seconds: (performance.now() - began) / 1000,
  };
}

type BatchSettings = Pick<TrainingSettings, "batch" | "stepsPerEpoch">;

function stepsOf(beats: number, { batch, stepsPerEpoch }: BatchSettings): number {
  const all = Math.ceil(beats / batch);
  return stepsPerEpoch === 0 ? all : Math.min(all, stepsPerEpoch);
}

/** The sizes of batch that an epoch over so many beats has: full ones, and a last, smaller one if it comes to that. */
export function batchSizes(beats: number, settings: BatchSettings): number[] {
  const steps = stepsOf(beats, settings);
  const full = Math.floor(beats / settings.batch);
  const sizes = full > 0 ? [settings.batch] : [];
  return steps > full ? [...sizes, beats - full * settings.batch] : sizes;
}

/** @returns means over the epoch's beats, dropout on; null where it was stopped */
async function trainEpoch(
  network: Network,
  step: TrainingStep,
  { source, parts }: PreparedDataset,
  settings: TrainingSettings,
  epoch: number,
  { onProgress, signal }: TrainingWatch,
  breathe: () => Promise<void>,
): Promise<{ loss: number; accuracy: number; seconds: number } | null> {
  const began = performance.now();
  const order = epochOrder(parts.train, settings.seed, epoch);
  const steps = stepsOf(order.length, settings);
  let seen = 0;
  let lossSum = 0;
  let correct = 0;
  for (let i = 0; i < steps; i++) {
    if (signal.aborted) return null;
    // The last batch is as large as what is left, and counts by its size.
    const from = i * settings.batch;
    const to = Math.min(order.length, from + settings.batch);
    const values = new Float32Array((to - from) * source.length);
    const classes = new Int32Array(to - from);
    fillBatch(source, order, from, to, values, classes);
    const result = step.run(values, classes);
    if (!Number.isFinite(result.loss)) {
      throw diverged(network, "loss is no number", `epoch ${epoch}, batch ${i + 1}`, settings);
    }
    seen += to - from;
    lossSum += result.loss * (to - from);
    correct += result.correct;
    const seconds = (performance.now() - began) / 1000;
    onProgress({
      epoch,
      epochs: settings.epochs,
      step: i + 1,
      steps,
      loss: lossSum / seen,
      accuracy: correct / seen,
      samplesPerSecond: seen / seconds,
    });
    await breathe();
  }
  return { loss: lossSum / seen, accuracy: correct / seen, seconds: (performance.now() - began) / 1000 };
}

function diverged({ name }: Network, what: string, where: string, { learningRate }: TrainingSettings): EctopyError {
  return new EctopyError(
    "training-failed",
    `The training of the ${name} has run away: its ${what} any more (${where}).`,
    `Choose a lower learning rate than ${learningRate} (--lr).`,
  );
}

/** Steps block the thread: from time to time, messages (such as a wish to stop) are let in. */
function createBreather(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < BREATHE_EVERY) return;
    await setImmediate();
    last = performance.now();
  };
}
