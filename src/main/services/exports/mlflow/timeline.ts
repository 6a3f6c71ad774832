/**
 * Computes the time of each step and epoch of a run. Stored are start and end of the run, and the seconds of training
 * and validation of each epoch. Epochs follow one another from the start; steps are spread evenly over their epoch's
 * training. Pauses are not in the stored seconds, so points of a paused run are earlier than they were; no point is
 * after the end.
 */
import type { EpochMetrics } from "../../../../contract/domain/training.ts";

export interface Timeline {
  /** Returns a time in ms since 1970. @param epoch from 1 */
  epoch: (epoch: number) => number;
  /** @param step from 1, over all epochs */
  step: (step: number) => number;
}

/**
 * @param start in ms since 1970, as is `end`
 * @param stepsPerEpoch at least 1
 */
export function timeline(
  start: number,
  end: number,
  epochs: readonly Pick<EpochMetrics, "seconds" | "validationSeconds">[],
  stepsPerEpoch: number,
): Timeline {
  // starts[i]: start of epoch i + 1; one more, for steps after the last complete epoch.
  const starts = [start];
  for (const { seconds, validationSeconds } of epochs)
    starts.push(starts.at(-1)! + 1000 * (seconds + validationSeconds));
  const within = (time: number): number => Math.min(end, Math.round(time));
  return {
    epoch: (epoch) => within(starts[epoch]),
    step: (step) => {
      const epoch = Math.min(epochs.length, Math.floor((step - 1) / stepsPerEpoch));
      // An incomplete epoch is assumed to be as fast as the one before.
      const seconds = (epochs[epoch] ?? epochs.at(-1))?.seconds ?? 0;
      return within(starts[epoch] + (1000 * seconds * (step - epoch * stepsPerEpoch)) / stepsPerEpoch);
    },
  };
}
