/** Progress of the current run, as text and as a percentage. */
import type { TrainingQueue } from "../../../contract/domain/training.ts";
import { formatInteger } from "../../base/format.ts";

export interface RunProgress {
  text: string;
  /** Share of all epochs, in whole percent. */
  percentage: number;
}

export function runProgress({ progress, evaluating }: Pick<TrainingQueue, "progress" | "evaluating">): RunProgress {
  const done = progress === null ? 0 : (progress.epoch - 1 + progress.step / progress.steps) / progress.epochs;
  return { text: progressText(progress, evaluating), percentage: Math.floor(100 * Math.min(1, done)) };
}

function progressText(progress: TrainingQueue["progress"], evaluating: TrainingQueue["evaluating"]): string {
  if (evaluating !== null) {
    const { stage, done, total, unit } = evaluating;
    return total > 0 ? `${stage}: ${formatInteger(done)} of ${formatInteger(total)} ${unit}` : `${stage}…`;
  }
  if (progress === null) return "Starting…";
  const { epoch, epochs, step, steps } = progress;
  return `Epoch ${formatInteger(epoch)} of ${formatInteger(epochs)}, step ${formatInteger(step)} of ${formatInteger(steps)}`;
}
