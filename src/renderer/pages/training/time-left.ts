/** Remaining time of a training, estimated from its throughput. */
import type { BatchProgress, EpochMetrics } from "../../../contract/domain/training.ts";

/**
 * Returns the remaining seconds, null before they can be estimated. With early stopping, they are an upper bound.
 * @param batch beats per step
 * @param ended completed epochs with their durations
 */
export function timeLeft(
  progress: Pick<BatchProgress, "epoch" | "epochs" | "step" | "steps" | "samplesPerSecond">,
  batch: number,
  ended: readonly Pick<EpochMetrics, "seconds" | "validationSeconds">[],
): number | null {
  const { epoch, epochs, step, steps, samplesPerSecond } = progress;
  if (!(samplesPerSecond > 0)) return null;
  const after = epochs - epoch;
  // A completed epoch is the best estimate; before the first one ends, only the current throughput is known.
  const wholeEpoch = ended.length > 0 ? mean(ended.map(({ seconds }) => seconds)) : (steps * batch) / samplesPerSecond;
  const validation = ended.length > 0 ? mean(ended.map(({ validationSeconds }) => validationSeconds)) : 0;
  return ((steps - step) / steps) * wholeEpoch + after * wholeEpoch + (after + 1) * validation;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
