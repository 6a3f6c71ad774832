/** Messages of a run's log. */
import { formatMetric } from "../../../contract/text/format-metric.ts";
import {
  backendText,
  keptEpochName,
  type CheckpointPosition,
  type DeviceInfo,
  type EpochMetrics,
  type TrainingResult,
  type TrainingSettings,
} from "../../../contract/domain/training.ts";
import type { ErrorReport } from "../../../contract/domain/errors.ts";
import { counted } from "../../../contract/text/format-number.ts";

export const PAUSED = "Paused at a checkpoint.";
export const CONTINUED = "Continued.";
export const SUSPENDED = "Suspended at a checkpoint, as Ectopy was closed.";
export const WITHDRAWN = "Removed from the queue.";

export function begun(checkpoint: Pick<CheckpointPosition, "epochs" | "steps"> | null, again: boolean): string {
  if (!again) return "Started.";
  if (checkpoint === null) return "Resumed from the beginning: there was no checkpoint.";
  const { epochs, steps } = checkpoint;
  return `Resumed from its checkpoint after ${counted(epochs, "epoch")} and ${counted(steps, "step")}.`;
}

export function trainsOn(device: DeviceInfo): string {
  const slow = device.backend === "cpu" ? ", which is slow" : "";
  return `Device: ${device.gpu?.name ?? device.description}. Backend: ${backendText(device)}${slow}.`;
}

export function bestSoFar({ epoch, validationLoss, validationMacroF1 }: EpochMetrics): string {
  return `Epoch ${epoch}: lowest validation loss so far, ${validationLoss.toFixed(4)} nats (macro F1 ${formatMetric(validationMacroF1)}).`;
}

export function ended(
  { bestEpoch, epochs, stoppedEarly, cancelled }: TrainingResult,
  settings: Pick<TrainingSettings, "patience" | "keptEpoch">,
): string {
  const kept = `${keptEpochName(settings)} ${bestEpoch} of ${epochs.length}, evaluated on the test set.`;
  if (cancelled) return `Stopped by the user. ${kept}`;
  if (!stoppedEarly) return `Completed. ${kept}`;
  return `Stopped early: the validation loss did not improve for ${counted(settings.patience, "epoch")}. ${kept}`;
}

export function failed({ message, fix }: ErrorReport): string {
  return `Failed. ${message} ${fix}`.trimEnd();
}
