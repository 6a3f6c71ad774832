/** The speed of a network: from a benchmark before its first training, then from its trainings. */
import type { SetName } from "../../../contract/domain/preparation.ts";
import type { StepSpeed } from "../../../contract/domain/step-speed.ts";
import { stepsOf, type TrainingResult, type TrainingSettings } from "../../../contract/domain/training.ts";

export type Durations = Omit<StepSpeed, "device" | "measuredAt" | "source">;

/** A training step computes the layers forward once and backward at about twice that cost. */
const STEPS_TO_PREDICTIONS = 3;
/** With fewer steps, the first ones decide, which prepare the network. */
const MIN_STEPS = 100;

/**
 * Returns the durations by a benchmark.
 * @param startMilliseconds time of the benchmark's process beside its steps
 */
export function durationsOfBenchmark(
  { milliseconds, startMilliseconds }: { milliseconds: number; startMilliseconds: number },
  batch: number,
): Durations {
  return {
    milliseconds,
    predictionMilliseconds: milliseconds / batch / STEPS_TO_PREDICTIONS,
    fixedSeconds: startMilliseconds / 1000,
  };
}

/**
 * Returns the durations of a completed run; null where it trained too little to tell.
 * @param seconds of the whole run, without the choice of a backend
 * @param beats sizes of the sets
 */
export function durationsOfRun(
  { epochs, cancelled }: Pick<TrainingResult, "epochs" | "cancelled">,
  settings: Pick<TrainingSettings, "batch" | "stepsPerEpoch">,
  beats: Readonly<Record<SetName, number>>,
  seconds: number,
): Durations | null {
  const stepsPerEpoch = stepsOf(beats.train, settings);
  if (cancelled || beats.validation === 0 || epochs.length * stepsPerEpoch < MIN_STEPS) return null;
  const training = epochs.map((epoch) => epoch.seconds);
  const validation = epochs.map(({ validationSeconds }) => validationSeconds);
  const predictionMilliseconds = (1000 * median(validation)) / beats.validation;
  const spent = sum(training) + sum(validation) + (beats.test * predictionMilliseconds) / 1000;
  return {
    milliseconds: (1000 * median(training)) / stepsPerEpoch,
    predictionMilliseconds,
    fixedSeconds: Math.max(0, seconds - spent),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
