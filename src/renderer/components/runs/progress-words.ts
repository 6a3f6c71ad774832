/** How far the run under way is, in words and as a share. */
import type { TrainingQueue } from "../../../contract/domain/training.ts";
import { formatInteger } from "../../base/format.ts";

export interface RunProgress {
  words: string;
  /** Of all epochs, in whole percent. */
  percentage: number;
}

export function progressOf({ progress, evaluating }: Pick<TrainingQueue, "progress" | "evaluating">): RunProgress {
  const done = progress === null ? 0 : (progress.epoch - 1 + progress.step / progress.steps) / progress.epochs;
  return { words: words(progress, evaluating), percentage: Math.floor(100 * Math.min(1, done)) };
}

function words(progress: TrainingQueue["progress"], evaluating: TrainingQueue["evaluating"]): string {
  if (evaluating !== null) {
    const { stage, done, total, unit } = evaluating;
    return total > 0 ? `${stage}: ${formatInteger(done)} of ${formatInteger(total)} ${unit}` : `${stage}…`;
  }
  if (progress === null) return "Beginning…";
  const { epoch, epochs, step, steps } = progress;
  return `Epoch ${formatInteger(epoch)} of ${formatInteger(epochs)}, step ${formatInteger(step)} of ${formatInteger(steps)}`;
}
