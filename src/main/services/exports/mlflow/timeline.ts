/**
 * When each step and epoch of a run was reached. What is stored is when the run began and ended, and the seconds that each epoch
 * trained and validated: epochs follow one another from the beginning on, steps spread evenly over the training of theirs. Pauses
 * are not among the stored seconds, so that a run that was paused seems to have got there sooner; nothing lies after its end.
 */
import type { EpochMetrics } from "../../../../contract/domain/training.ts";

export interface Timeline {
  /** Both in ms since 1970. @param epoch from 1 */
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
  // starts[i]: when epoch i + 1 began; one more, for steps after the last whole epoch.
  const starts = [start];
  for (const { seconds, validationSeconds } of epochs)
    starts.push(starts.at(-1)! + 1000 * (seconds + validationSeconds));
  const within = (time: number): number => Math.min(end, Math.round(time));
  return {
    epoch: (epoch) => within(starts[epoch]),
    step: (step) => {
      const epoch = Math.min(epochs.length, Math.floor((step - 1) / stepsPerEpoch));
      // One that was broken off is taken to have been as fast as the one before it.
      const seconds = (epochs[epoch] ?? epochs.at(-1))?.seconds ?? 0;
      return within(starts[epoch] + (1000 * seconds * (step - epoch * stepsPerEpoch)) / stepsPerEpoch);
    },
  };
}
