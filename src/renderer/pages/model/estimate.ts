/** How long a training will take, from one measured step. */
import type { StepSpeed } from "../../../contract/domain/models.ts";
import { stepsOf, type TrainingSettings } from "../../../contract/domain/training.ts";

export interface Estimate {
  stepsPerEpoch: number;
  /** Training steps alone, in seconds; without validation. */
  secondsPerEpoch: number;
  /** Where it is not stopped early. */
  seconds: number;
}

/** @param beats to train on */
export function estimate(
  { milliseconds }: Pick<StepSpeed, "milliseconds">,
  settings: Pick<TrainingSettings, "batch" | "epochs" | "stepsPerEpoch">,
  beats: number,
): Estimate {
  const stepsPerEpoch = stepsOf(beats, settings);
  const secondsPerEpoch = (stepsPerEpoch * milliseconds) / 1000;
  return { stepsPerEpoch, secondsPerEpoch, seconds: settings.epochs * secondsPerEpoch };
}
