/** Reduces a curve of many steps to a screen's resolution without losing a peak. */
import type { StepCurves, ThinnedSteps } from "../../contract/domain/training.ts";

/** Reduces a curve. @param points maximum number of points; a curve with fewer steps keeps all */
export function thinSteps({ firstStep, losses, accuracies }: StepCurves, points: number): ThinnedSteps {
  const count = Math.min(points, losses.length);
  const thinned: ThinnedSteps = {
    steps: new Int32Array(count),
    losses: new Float32Array(count),
    lowest: new Float32Array(count),
    highest: new Float32Array(count),
    accuracies: new Float32Array(count),
  };
  for (let i = 0; i < count; i++) {
    const from = Math.floor((i * losses.length) / count);
    const to = Math.floor(((i + 1) * losses.length) / count);
    let [loss, accuracy, lowest, highest] = [0, 0, Infinity, -Infinity];
    for (let step = from; step < to; step++) {
      loss += losses[step];
      accuracy += accuracies[step];
      lowest = Math.min(lowest, losses[step]);
      highest = Math.max(highest, losses[step]);
    }
    thinned.steps[i] = firstStep + to - 1;
    thinned.losses[i] = loss / (to - from);
    thinned.lowest[i] = lowest;
    thinned.highest[i] = highest;
    thinned.accuracies[i] = accuracy / (to - from);
  }
  return thinned;
}
