/** Estimates how long a training takes on this machine: its steps, its predictions, its start and its end. */
import type { SetName } from "./preparation.ts";
import type { StepSpeed } from "./step-speed.ts";
import { stepsOf, type TrainingSettings } from "./training.ts";

export interface TrainingEstimate {
  stepsPerEpoch: number;
  /** Steps and validation of an epoch. */
  secondsPerEpoch: number;
  /** The whole run with all its epochs, from its start to its stored result; without early stopping. */
  seconds: number;
}

type Durations = Pick<StepSpeed, "milliseconds" | "predictionMilliseconds" | "fixedSeconds">;
type Length = Pick<TrainingSettings, "batch" | "epochs" | "stepsPerEpoch">;
type Beats = Readonly<Record<SetName, number>>;

/** @param beats sizes of the sets */
export function estimateTraining(
  { milliseconds, predictionMilliseconds, fixedSeconds }: Durations,
  settings: Length,
  beats: Beats,
): TrainingEstimate {
  const stepsPerEpoch = stepsOf(beats.train, settings);
  const secondsPerEpoch = (stepsPerEpoch * milliseconds + beats.validation * predictionMilliseconds) / 1000;
  const test = (beats.test * predictionMilliseconds) / 1000;
  return { stepsPerEpoch, secondsPerEpoch, seconds: fixedSeconds + settings.epochs * secondsPerEpoch + test };
}

/**
 * Returns the time of an experiment, in s, whose runs train one after another and differ in epochs and batch size alone:
 * the time of a step is proportional to its batch.
 * @param batch batch size that the durations were measured with
 * @param preparationSeconds time to prepare the dataset again for each run; 0 where all runs share a preparation
 */
export function estimateExperiment(
  speed: Durations,
  batch: number,
  runs: readonly Length[],
  { beats, preparationSeconds }: { beats: Beats; preparationSeconds: number },
): number {
  return runs.reduce((sum, settings) => {
    const milliseconds = (speed.milliseconds * settings.batch) / batch;
    return sum + preparationSeconds + estimateTraining({ ...speed, milliseconds }, settings, beats).seconds;
  }, 0);
}
