/** How long a training will take, from one measured step. */
import type { StepSpeed } from "../../../contract/models.ts";
import type { TrainingSettings } from "../../../contract/training.ts";

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
  { batch, epochs, stepsPerEpoch: wanted }: Pick<TrainingSettings, "batch" | "epochs" | "stepsPerEpoch">,
  beats: number,
): Estimate {
  const stepsPerEpoch = wanted > 0 ? wanted : Math.ceil(beats / batch);
  const secondsPerEpoch = (stepsPerEpoch * milliseconds) / 1000;
  return { stepsPerEpoch, secondsPerEpoch, seconds: epochs * secondsPerEpoch };
}
