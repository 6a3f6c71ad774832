/** How long a training still takes, from how fast it goes. */
import type { BatchProgress, EpochMetrics } from "../../../contract/domain/training.ts";

/**
 * With early stopping it is the most that it can take.
 * @param batch beats a step
 * @param ended epochs that have ended, with their seconds
 * @returns seconds; null where it is not known yet
 */
export function timeLeft(
  progress: Pick<BatchProgress, "epoch" | "epochs" | "step" | "steps" | "samplesPerSecond">,
  batch: number,
  ended: readonly Pick<EpochMetrics, "seconds" | "validationSeconds">[],
): number | null {
  const { epoch, epochs, step, steps, samplesPerSecond } = progress;
  if (!(samplesPerSecond > 0)) return null;
  const after = epochs - epoch;
  // A whole epoch was timed to its end; before there is one, the speed at hand is all there is to go by.
  const wholeEpoch = ended.length > 0 ? mean(ended.map(({ seconds }) => seconds)) : (steps * batch) / samplesPerSecond;
  const validation = ended.length > 0 ? mean(ended.map(({ validationSeconds }) => validationSeconds)) : 0;
  return ((steps - step) / steps) * wholeEpoch + after * wholeEpoch + (after + 1) * validation;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
