/** Progress of a training, as the terminal shows it. */
import type { JobProgress } from "../../../contract/domain/jobs.ts";
import type { BatchProgress } from "../../../contract/domain/training.ts";
import { formatMetric } from "../../../contract/text/format-metric.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";

/** Returns the progress within an epoch. */
export function batchProgress({
  epoch,
  epochs,
  step,
  steps,
  loss,
  accuracy,
  samplesPerSecond,
}: BatchProgress): JobProgress {
  return {
    stage: `Training, epoch ${epoch} of ${epochs}`,
    done: step,
    total: steps,
    unit: "batches",
    detail: `loss ${loss.toFixed(4)}  accuracy ${formatMetric(accuracy)}  ${formatInteger(samplesPerSecond)} beats/s`,
  };
}
