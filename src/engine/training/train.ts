/**
 * The training loop: epochs of batches, early stopping on validation loss, the best weights kept, tested at the end. Its state
 * between two steps is a plain value: a training that goes on from one equals a training that was never interrupted.
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
import { epochOrder } from "../../pipeline/beats/batches.ts";
import { exampleWeights, type WeightsOf } from "../../pipeline/beats/example-weights.ts";
import { evaluate } from "../../pipeline/evaluation/evaluate.ts";
import type { Training } from "./create-training.ts";
import type { LoadedPreparation } from "./preparation-files.ts";
import { afterEpoch, learningRateAt, type SchedulePlan } from "./learning-rate.ts";
import type { Network } from "../layers/network.ts";
import { predict, type Predictions } from "./predict.ts";
import { beginning, type TrainingState } from "./training-state.ts";
import type { StepResult } from "./training-step.ts";

export interface TrainingWatch {
  onProgress: (progress: BatchProgress) => void;
  onEvaluating: ReportProgress;
  onEpoch: (metrics: EpochMetrics) => void;
  /** Each step's own loss and right answers. @param step from 1, over all epochs @param beats of the batch */
  onStep?: (step: number, result: StepResult, beats: number) => void;
  /**
   * Called after each step and each epoch; the training waits for it. This is where a checkpoint is written, or a pause kept.
   * @param capture gives the state to go on from
   */
  between?: (at: "step" | "epoch", capture: () => TrainingState) => Promise<void> | undefined;
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
 * @param from where an earlier training of the same network, data and settings was left; without it, from the beginning
 * @throws CancelledError where it was stopped before an epoch had ended; EctopyError `training-failed` where the loss or a
 *   weight is no number any more
 */
export async function train(
  training: Training,
  preparation: LoadedPreparation,
  settings: TrainingSettings,
  watch: TrainingWatch,
  from?: TrainingState,
): Promise<Trained> {
  const { network, step } = training;
  const state = structuredClone(from ?? beginning());
  const clock = createClock(state.seconds);
  if (from !== undefined) {
    network.setWeights(from.weights);
    step.restore(from.optimizer);
  }
  const breathe = createBreather();
  const test = (set: SetName, label: string): Promise<Tested> =>
    testOn(training, preparation, set, label, watch, breathe);
  const capture = (): TrainingState => ({
    ...state,
    epochs: [...state.epochs],
    within: { ...state.within },
    weights: network.weights(),
    optimizer: step.state(),
    seconds: clock.seconds(),
  });
  const loop: Loop = {
    ...training,
    preparation,
    settings,
    watch,
    clock,
    breathe,
    capture,
    weightsOf: exampleWeights(preparation.source, preparation.labels, preparation.sets.train, settings.weighting),
  };

  const isExhausted = (): boolean =>
    settings.patience > 0 && state.best !== null && state.epochs.length - state.best.epoch >= settings.patience;
  while (state.epochs.length < settings.epochs && !isExhausted()) {
    const epoch = state.epochs.length + 1;
    const trained = await trainEpoch(loop, state, epoch);
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
      validationF1: evaluation.perClass.map(({ f1 }) => f1),
      learningRate: trained.learningRate,
      seconds: trained.seconds,
      validationSeconds: (performance.now() - validationBegan) / 1000,
    };
    if (state.best === null || evaluation.loss < state.best.validation.loss) {
      state.best = { epoch, validation: evaluation, weights };
    }
    state.epochs.push(metrics);
    state.within = beginning().within;
    state.plateau = afterEpoch(settings.schedule, state.plateau, evaluation.loss);
    watch.onEpoch(metrics);
    await clock.without(watch.between?.("epoch", capture));
  }
  const { best } = state;
  if (best === null) throw new CancelledError("Stopped before the first epoch had ended: there is nothing to keep.");

  network.setWeights(best.weights);
  const tested = await test("test", "Evaluating on test");
  return {
    bestEpoch: best.epoch,
    epochs: state.epochs,
    stoppedEarly: isExhausted(),
    cancelled: watch.signal.aborted,
    validation: best.validation,
    test: tested.evaluation,
    predictions: tested.predictions,
    parameters: network.parameters,
    seconds: clock.seconds(),
  };
}

type TestedTraining = Pick<Training, "network" | "fillBatch">;

interface Tested {
  evaluation: Evaluation;
  predictions: Predictions;
}

async function testOn(
  training: TestedTraining,
  { sets, source, labels }: LoadedPreparation,
  set: SetName,
  label: string,
  watch: Pick<TrainingWatch, "onEvaluating">,
  breathe: () => Promise<void>,
): Promise<Tested> {
  const examples = sets[set];
  const predictions = await predict(training, source, examples, async (done) => {
    watch.onEvaluating({ stage: label, done, total: examples.length, unit: "beats" });
    await breathe();
  });
  return { evaluation: evaluate(predictions.probabilities, predictions.truth, labels), predictions };
}

/** What a network that was trained elsewhere reaches, as it is: a result without epochs. */
export async function testOnly(
  training: TestedTraining,
  preparation: LoadedPreparation,
  watch: Pick<TrainingWatch, "onEvaluating" | "signal">,
): Promise<Trained> {
  const breathe = createBreather();
  const clock = createClock(0);
  const test = async (set: SetName): Promise<Tested> => {
    if (watch.signal.aborted) throw new CancelledError("Stopped before it had been tested.");
    return testOn(training, preparation, set, `Testing on the ${set} set`, watch, breathe);
  };
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
    parameters: training.network.parameters,
    seconds: clock.seconds(),
  };
}

/** The sizes of batch that an epoch over so many beats has: full ones, and a last, smaller one if it comes to that. */
export function batchSizes(beats: number, settings: Pick<TrainingSettings, "batch" | "stepsPerEpoch">): number[] {
  const steps = stepsOf(beats, settings);
  const full = Math.floor(beats / settings.batch);
  const sizes = full > 0 ? [settings.batch] : [];
  return steps > full ? [...sizes, beats - full * settings.batch] : sizes;
}

interface Loop extends Training {
  preparation: LoadedPreparation;
  settings: TrainingSettings;
  watch: TrainingWatch;
  clock: Clock;
  breathe: () => Promise<void>;
  capture: () => TrainingState;
  weightsOf: WeightsOf;
}

/**
 * Goes on from where the state stands within the epoch, and moves it.
 * @returns means over the epoch's beats, dropout on; null where it was stopped
 */
async function trainEpoch(
  {
    network,
    step,
    fillBatch,
    preparation: { source, sets },
    settings,
    watch,
    clock,
    breathe,
    capture,
    weightsOf,
  }: Loop,
  state: TrainingState,
  epoch: number,
): Promise<{ loss: number; accuracy: number; learningRate: number; seconds: number } | null> {
  const { within } = state;
  const before = clock.seconds() - within.seconds;
  const order = epochOrder(sets.train, settings.seed, epoch);
  const steps = stepsOf(order.length, settings);
  const plan: SchedulePlan = { ...settings, stepsPerEpoch: steps };
  let learningRate = settings.learningRate;
  const all = {
    values: new Float32Array(settings.batch * source.length),
    classes: new Int32Array(settings.batch),
    weights: new Float32Array(settings.batch),
  };
  while (within.step < steps) {
    if (watch.signal.aborted) return null;
    // The last batch is as large as what is left, and counts by its size.
    const from = within.step * settings.batch;
    const to = Math.min(order.length, from + settings.batch);
    const beats = to - from;
    const values = all.values.subarray(0, beats * source.length);
    const classes = all.classes.subarray(0, beats);
    const weights = all.weights.subarray(0, beats);
    fillBatch(source, order, from, to, values, classes);
    weightsOf(order.subarray(from, to), weights);
    const number = (epoch - 1) * steps + within.step;
    learningRate = learningRateAt(plan, number, state.plateau);
    const result = step.run({ values, classes, weights }, learningRate);
    if (!Number.isFinite(result.loss)) {
      throw diverged(network, "loss is no number", `epoch ${epoch}, batch ${within.step + 1}`, settings);
    }
    within.step++;
    within.beats += beats;
    within.lossSum += result.loss * beats;
    within.correct += result.correct;
    within.seconds = clock.seconds() - before;
    watch.onStep?.(number + 1, result, beats);
    watch.onProgress({
      epoch,
      epochs: settings.epochs,
      step: within.step,
      steps,
      loss: within.lossSum / within.beats,
      accuracy: within.correct / within.beats,
      samplesPerSecond: within.beats / within.seconds,
    });
    await breathe();
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

function diverged({ spec }: Network, what: string, where: string, { learningRate }: TrainingSettings): EctopyError {
  return new EctopyError(
    "training-failed",
    `The training of the ${spec.name} has run away: its ${what} any more (${where}).`,
    `Choose a lower learning rate than ${learningRate} (--lr).`,
  );
}

interface Clock {
  seconds(): number;
  /** Waits, and does not count it. */
  without(waiting: Promise<void> | undefined): Promise<void>;
}

/** Time spent on the training, pauses left out. @param before seconds that were spent earlier */
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

/** Steps block the thread: from time to time, messages (such as a wish to stop) are let in. */
function createBreather(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < BREATHE_EVERY) return;
    await setImmediate();
    last = performance.now();
  };
}
