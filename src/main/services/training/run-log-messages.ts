/** What happened to a run, as its log has it. */
import type {
  CheckpointPosition,
  DeviceInfo,
  EpochMetrics,
  TrainingResult,
} from "../../../contract/domain/training.ts";

export const PAUSED = "Paused, with a checkpoint.";
export const GOES_ON = "Goes on.";
export const SUSPENDED = "Left with a checkpoint, as Ectopy was closed.";
export const WITHDRAWN = "Taken out of the queue.";

export function begun(checkpoint: Pick<CheckpointPosition, "epochs" | "steps"> | null, again: boolean): string {
  if (!again) return "Begun.";
  if (checkpoint === null) return "Taken up again from the beginning: there was no checkpoint.";
  const { epochs, steps } = checkpoint;
  return `Taken up again from its checkpoint: ${counted(epochs, "epoch")} had ended, ${counted(steps, "step")} were done.`;
}

export function trainsOn({ backend, description, gpu, versions }: DeviceInfo): string {
  if (backend !== "tensorflow") return `Trains on ${description} in plain JavaScript, which is slow.`;
  return `Trains on ${gpu?.name ?? description}, with TensorFlow ${versions.tensorflow}.`;
}

export function bestSoFar({ epoch, validationLoss, validationMacroF1 }: EpochMetrics): string {
  return `Epoch ${epoch}: the lowest validation loss so far, ${validationLoss.toFixed(4)} (macro F1 ${validationMacroF1.toFixed(3)}).`;
}

export function ended({ bestEpoch, epochs, stoppedEarly, cancelled }: TrainingResult, patience: number): string {
  const kept = `The weights of epoch ${bestEpoch} of ${epochs.length} were kept and tested.`;
  if (cancelled) return `Stopped, as asked. ${kept}`;
  if (!stoppedEarly) return `Completed. ${kept}`;
  return `Completed early: the validation loss had not improved for ${counted(patience, "epoch")}. ${kept}`;
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
