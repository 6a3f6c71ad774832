/**
 * The training loop: epochs of batches, early stopping by validation loss, and a test with the weights of the best
 * epoch. Its state between two steps is a plain value: a training resumed from a checkpoint equals one without an
 * interruption.
 */
import { setImmediate } from "node:timers/promises";
import { CancelledError, EctopyError } from "../../contract/domain/errors.ts";
import type { Evaluation } from "../../contract/domain/evaluation.ts";
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import type { SetName } from "../../contract/domain/preparation.ts";
import {
  stepsOf,
  type BatchProgress,
  type EpochMetrics,
  type TrainingResult,
  type TrainingSettings,
} from "../../contract/domain/training.ts";
import { balancedOrder, epochOrder } from "../../pipeline/beats/batches.ts";
import { exampleWeights, type WeightsOf } from "../../pipeline/beats/example-weights.ts";
import { fitTemperature } from "../../pipeline/evaluation/calibration.ts";
import { evaluate } from "../../pipeline/evaluation/evaluate.ts";
import type { Training } from "./create-training.ts";
import type { LoadedPreparation } from "./preparation-files.ts";
import { afterEpoch, learningRateAt, type SchedulePlan } from "./learning-rate.ts";
import type { Network } from "../networks/network.ts";
import { predict, type Predictions } from "./predict.ts";
import { beginning, type TrainingState } from "./training-state.ts";
import type { StepResult } from "./training-step.ts";

export interface TrainingWatch {
  onProgress: (progress: BatchProgress) => void;
  onEvaluating: ReportProgress;
  onEpoch: (metrics: EpochMetrics) => void;
  /** Loss and correct predictions of each step. @param step from 1, over all epochs @param beats beats of the batch */
  onStep?: (step: number, result: StepResult, beats: number) => void;
  /**
   * Called after each block of steps, each block of a validation or of the test, and each epoch. The training waits for it
   * while a checkpoint is written or the training is paused.
   * @param capture returns the state to resume from
   */
  between?: (at: "step" | "validation" | "test" | "epoch", capture: () => TrainingState) => Promise<void> | undefined;
  /** Aborted: the training stops after the current block of steps, and tests the best epoch so far. */
  signal: AbortSignal;
}

export interface TrainOptions extends TrainingWatch {
  /** State of an earlier training with the same network, data and settings; absent: the training starts at epoch 1. */
  from?: TrainingState | undefined;
}

export type Trained = Omit<TrainingResult, "device"> & {
  /** Predictions on the test set, in its order, with the weights of the best epoch. */
  predictions: Predictions;
  /** The same on the validation set. */
  validated: Predictions;
};

/** Interval at which the loop yields to incoming messages. */
const YIELD_INTERVAL_MS = 50;

/**
 * Trains the network in place; it ends with the best epoch's weights.
 * @throws CancelledError where it was stopped before the first epoch had ended; EctopyError `training-failed` where the
 *   loss or a weight is NaN or infinite
 */
export async function train(
  training: LoopTraining,
  preparation: LoadedPreparation,
  settings: TrainingSettings,
  { from, ...watch }: TrainOptions,
): Promise<Trained> {
  const { network, step } = training;
  const state = structuredClone(from ?? beginning());
  const clock = createClock(state.seconds);
  if (from !== undefined) {
    network.setWeights(from.weights);
    step.restore(from.optimizer);
  }
  const yieldToMessages = createYield();
  const test = (set: SetName, stage: string, between: () => Promise<void>): Promise<Tested> =>
    testOn(training, preparation, { set, stage, watch, between });
  const during = (at: "validation" | "test") => async (): Promise<void> => {
    await yieldToMessages();
    await clock.without(watch.between?.(at, capture));
  };
  /** Weights of the last step, once the network has those of the best epoch. */
  let lastWeights: Float32Array[] | null = null;
  const capture = (): TrainingState => ({
    ...state,
    epochs: [...state.epochs],
    within: { ...state.within },
    weights: lastWeights ?? network.weights(),
    optimizer: step.state(),
    seconds: clock.seconds(),
  });
  const loop: Loop = {
    ...training,
    preparation,
    settings,
    watch,
    clock,
    yieldToMessages,
    capture,
    weightsOf: exampleWeights(preparation.source, preparation.labels, preparation.sets.train, settings.weighting),
  };

  /** Predictions of the best epoch; null where it ended before a resumed training began. */
  let validated: Predictions | null = null;
  const isExhausted = (): boolean =>
    settings.patience > 0 && state.best !== null && state.epochs.length - state.best.epoch >= settings.patience;
  while (state.epochs.length < settings.epochs && !isExhausted()) {
    const epoch = state.epochs.length + 1;
    const trained = await trainEpoch(loop, state, epoch);
    if (trained === null) break;
    const weights = network.weights();
    // Fused operations may treat a NaN weight as 0, and continue with a loss that looks valid.
    const value = weights.flatMap((values) => values.find((each) => !Number.isFinite(each)) ?? []).at(0);
    if (value !== undefined) throw diverged(network, `a weight is ${value} at epoch ${epoch}`);
    const validationBegan = clock.seconds();
    const { evaluation, predictions } = await test("validation", `Validating epoch ${epoch}`, during("validation"));
    if (!Number.isFinite(evaluation.loss)) {
      throw diverged(network, `the validation loss is ${evaluation.loss} at epoch ${epoch}`);
    }
    const metrics: EpochMetrics = {
      epoch,
      trainLoss: trained.loss,
      trainAccuracy: trained.accuracy,
      validationLoss: evaluation.loss,
      validationAccuracy: evaluation.accuracy,
      validationMacroF1: evaluation.macroF1,
      validationF1: evaluation.perClass.map(({ f1 }) => f1),
      learningRate: trained.learningRate,
      seconds: trained.seconds,
      validationSeconds: clock.seconds() - validationBegan,
    };
    if (state.best === null || settings.keptEpoch === "last" || evaluation.loss < state.best.validation.loss) {
      state.best = { epoch, validation: evaluation, weights };
      validated = predictions;
    }
    state.epochs.push(metrics);
    state.within = beginning().within;
    state.plateau = afterEpoch(settings.schedule, state.plateau, evaluation.loss);
    watch.onEpoch(metrics);
    await clock.without(watch.between?.("epoch", capture));
  }
  const { best } = state;
  if (best === null)
    throw new CancelledError("The training was stopped before the first epoch had ended: no weights are kept.");

  lastWeights = network.weights();
  network.setWeights(best.weights);
  validated ??= (await test("validation", "Calibrating on validation", during("test"))).predictions;
  const tested = await test("test", "Evaluating on test", during("test"));
  return {
    bestEpoch: best.epoch,
    epochs: state.epochs,
    stoppedEarly: isExhausted(),
    cancelled: watch.signal.aborted,
    validation: best.validation,
    test: tested.evaluation,
    predictions: tested.predictions,
    validated,
    temperature: temperatureOf(validated, preparation),
    parameters: network.parameters,
    seconds: clock.seconds(),
  };
}

function temperatureOf({ probabilities, truth }: Predictions, { labels }: LoadedPreparation): number {
  return fitTemperature(probabilities, labels.length, truth);
}

type TestedTraining = Pick<Training, "network" | "fillBatch">;

interface Tested {
  evaluation: Evaluation;
  predictions: Predictions;
}

interface TestOptions {
  set: SetName;
  /** Stage that the progress names. */
  stage: string;
  watch: Pick<TrainingWatch, "onEvaluating">;
  /** Called after each chunk of predictions. */
  between: () => Promise<void>;
}

async function testOn(
  training: TestedTraining,
  { sets, source, labels }: LoadedPreparation,
  { set, stage, watch, between }: TestOptions,
): Promise<Tested> {
  const examples = sets[set];
  const predictions = await predict(training, source, examples, async (done) => {
    watch.onEvaluating({ stage, done, total: examples.length, unit: "beats" });
    await between();
  });
  return { evaluation: evaluate(predictions.probabilities, predictions.truth, labels), predictions };
}

/** Tests an imported network without training: a result without epochs. @throws CancelledError */
export async function testOnly(
  training: TestedTraining,
  preparation: LoadedPreparation,
  watch: Pick<TrainingWatch, "onEvaluating" | "signal">,
): Promise<Trained> {
  const yieldToMessages = createYield();
  const clock = createClock(0);
  const between = async (): Promise<void> => {
    await yieldToMessages();
    if (watch.signal.aborted) throw new CancelledError("The test was stopped before it had ended.");
  };
  const test = (set: SetName): Promise<Tested> =>
    testOn(training, preparation, { set, stage: `Testing on the ${set} set`, watch, between });
  const validation = await test("validation");
  const tested = await test("test");
  return {
    bestEpoch: 0,
    epochs: [],
    stoppedEarly: false,
    cancelled: false,
    validation: validation.evaluation,
    test: tested.evaluation,
    predictions: tested.predictions,
    validated: validation.predictions,
    temperature: temperatureOf(validation.predictions, preparation),
    parameters: training.network.parameters,
    seconds: clock.seconds(),
  };
}

/**
 * Returns the batch sizes of an epoch over a number of beats: the full size, and a smaller last batch if the epoch
 * reaches it.
 */
export function batchSizes(beats: number, settings: Pick<TrainingSettings, "batch" | "stepsPerEpoch">): number[] {
  const steps = stepsOf(beats, settings);
  const full = Math.floor(beats / settings.batch);
  const sizes = full > 0 ? [settings.batch] : [];
  return steps > full ? [...sizes, beats - full * settings.batch] : sizes;
}

/** What the loop uses of a training. */
type LoopTraining = Pick<Training, "network" | "step" | "blocks" | "fillBatch">;

interface Loop extends LoopTraining {
  preparation: LoadedPreparation;
  settings: TrainingSettings;
  watch: TrainingWatch;
  clock: Clock;
  yieldToMessages: () => Promise<void>;
  capture: () => TrainingState;
  weightsOf: WeightsOf;
}

/**
 * Trains the rest of an epoch, and updates the state.
 * @returns means over the epoch's beats, dropout on; null where it was stopped
 */
async function trainEpoch(
  {
    network,
    blocks,
    fillBatch,
    preparation: { source, sets },
    settings,
    watch,
    clock,
    yieldToMessages,
    capture,
    weightsOf,
  }: Loop,
  state: TrainingState,
  epoch: number,
): Promise<{ loss: number; accuracy: number; learningRate: number; seconds: number } | null> {
  const { within } = state;
  const before = clock.seconds() - within.seconds;
  const { seed, sampling } = settings;
  const order =
    sampling === "balanced"
      ? balancedOrder(sets.train, source.classes, seed, epoch)
      : epochOrder(sets.train, seed, epoch);
  const steps = stepsOf(order.length, settings);
  const plan: SchedulePlan = { ...settings, stepsPerEpoch: steps };
  // A training may be resumed after the last step of an epoch, before its validation.
  const rateOf = (step: number): number => learningRateAt(plan, (epoch - 1) * steps + step, state.plateau);
  let learningRate = within.step === 0 ? settings.learningRate : rateOf(within.step - 1);
  const full = Math.floor(order.length / settings.batch);
  let length = 1;
  while (within.step < steps) {
    if (watch.signal.aborted) return null;
    // The last batch has the remaining beats, in a separate block; means weight it by its size.
    const isLast = within.step >= full;
    const count = isLast ? 1 : Math.min(length, full - within.step, steps - within.step);
    const beats = isLast ? order.length - full * settings.batch : settings.batch;
    const first = (epoch - 1) * steps + within.step;
    const rates = Array.from({ length: count }, (_, i) => rateOf(within.step + i));
    for (let i = 0; i < count; i++) {
      const from = (within.step + i) * settings.batch;
      const examples = order.subarray(from, from + beats);
      const { inputs, classes, weights } = blocks.batch(i, beats);
      fillBatch(source, examples, inputs, classes);
      weightsOf(examples, weights);
    }
    const began = performance.now();
    const results = blocks.run(beats, rates);
    if (results.length === 0) {
      // Interrupted: the message that comes with it must arrive.
      await setImmediate();
      await clock.without(watch.between?.("step", capture));
      continue;
    }
    length = nextLength(length, blocks.capacity, (performance.now() - began) / results.length);
    learningRate = rates[results.length - 1];
    within.seconds = clock.seconds() - before;
    results.forEach((result, i) => {
      if (!Number.isFinite(result.loss)) {
        throw diverged(network, `the loss is ${result.loss} at epoch ${epoch}, batch ${within.step + 1}`);
      }
      within.step++;
      within.beats += beats;
      within.lossSum += result.loss * beats;
      within.correct += result.correct;
      watch.onStep?.(first + i + 1, result, beats);
    });
    watch.onProgress({
      epoch,
      epochs: settings.epochs,
      step: within.step,
      steps,
      loss: within.lossSum / within.beats,
      accuracy: within.correct / within.beats,
      samplesPerSecond: within.beats / within.seconds,
    });
    await yieldToMessages();
    const waiting = watch.between?.("step", capture);
    if (waiting !== undefined) await clock.without(waiting);
  }
  return {
    loss: within.lossSum / within.beats,
    accuracy: within.correct / within.beats,
    learningRate,
    seconds: within.seconds,
  };
}

/** Time of a block: short enough for messages, pauses and progress. */
const BLOCK_MS = 25;

/** Returns the steps of the next block. @param stepMs time of a step of the last one */
function nextLength(length: number, capacity: number, stepMs: number): number {
  // At most doubled, because a first step also takes memory and starts threads.
  return Math.max(1, Math.min(capacity, 2 * length, Math.floor(BLOCK_MS / stepMs)));
}

/** @param reason such as `the loss is NaN at epoch 3, batch 12` */
function diverged({ spec }: Network, reason: string): EctopyError {
  const message = `Training of ${spec.name} diverged: ${reason}.`;
  return new EctopyError("training-failed", message, "Lower the learning rate (--lr) or clip gradients (--clip).");
}

interface Clock {
  seconds(): number;
  /** Waits without counting the time. */
  without(waiting: Promise<void> | undefined): Promise<void>;
}

/** Measures the training time without pauses. @param before seconds of earlier sessions */
function createClock(before: number): Clock {
  let began = performance.now() - 1000 * before;
  return {
    seconds: () => (performance.now() - began) / 1000,
    async without(waiting) {
      const from = performance.now();
      await waiting;
      began += performance.now() - from;
    },
  };
}

/** Returns a function that yields to the event loop at intervals: steps block the thread, and messages must arrive. */
function createYield(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < YIELD_INTERVAL_MS) return;
    await setImmediate();
    last = performance.now();
  };
}
