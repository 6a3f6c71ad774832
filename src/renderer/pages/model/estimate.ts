/** Estimates the training time from the measured time of one step. */
import type { StepSpeed } from "../../../contract/domain/step-speed.ts";
import { stepsOf, type TrainingSettings } from "../../../contract/domain/training.ts";

export interface Estimate {
  stepsPerEpoch: number;
  /** Time of the training steps of an epoch, in s; without validation. */
  secondsPerEpoch: number;
  /** Time of all epochs, in s, without early stopping. */
  seconds: number;
}

/** @param beats size of the training set */
export function estimate(
  { milliseconds }: Pick<StepSpeed, "milliseconds">,
  settings: Pick<TrainingSettings, "batch" | "epochs" | "stepsPerEpoch">,
  beats: number,
): Estimate {
  const stepsPerEpoch = stepsOf(beats, settings);
  const secondsPerEpoch = (stepsPerEpoch * milliseconds) / 1000;
  return { stepsPerEpoch, secondsPerEpoch, seconds: settings.epochs * secondsPerEpoch };
}
