/** Reduces the curve of many steps to few points, also while it grows: each point covers consecutive steps. */
import type { StepCurves, ThinnedSteps } from "../../contract/domain/training.ts";

export interface StepPoint {
  /** Last step that the point covers, from 1 over all epochs, and the number of steps that it covers. */
  step: number;
  count: number;
  /** Means over these steps, and the lowest and highest loss. */
  loss: number;
  lowest: number;
  highest: number;
  accuracy: number;
}

export interface StepPoints {
  points: readonly StepPoint[];
  /** Steps that a full point covers. */
  stretch: number;
}

/** More points than a chart has pixel columns. */
export const MAX_POINTS = 1200;

export function pointsFrom({ steps, losses, lowest, highest, accuracies }: ThinnedSteps): StepPoints {
  const points = Array.from(steps, (step, i) => ({
    step,
    count: step - (i === 0 ? 0 : steps[i - 1]),
    loss: losses[i],
    lowest: lowest[i],
    highest: highest[i],
    accuracy: accuracies[i],
  }));
  return { points, stretch: points.reduce((longest, { count }) => Math.max(longest, count), 1) };
}

/** Returns the last step; 0 where there is none. */
export function lastStep({ points }: StepPoints): number {
  return points.at(-1)?.step ?? 0;
}

/**
 * Appends steps; steps that are already included are skipped.
 * @param maxPoints points are merged in pairs where there would be more
 * @throws RangeError where steps in between are missing
 */
export function appendSteps(
  known: StepPoints,
  { firstStep, losses, accuracies }: StepCurves,
  maxPoints = MAX_POINTS,
): StepPoints {
  const last = lastStep(known);
  if (firstStep > last + 1) throw new RangeError(`Steps ${last + 1} to ${firstStep - 1} are missing.`);
  let { points, stretch } = { points: [...known.points], stretch: known.stretch };
  for (let i = Math.max(0, last + 1 - firstStep); i < losses.length; i++) {
    const single = {
      step: firstStep + i,
      count: 1,
      loss: losses[i],
      lowest: losses[i],
      highest: losses[i],
      accuracy: accuracies[i],
    };
    const tail = points.at(-1);
    if (tail !== undefined && tail.count < stretch) points[points.length - 1] = merged(tail, single);
    else points.push(single);
    if (points.length > maxPoints) {
      points = mergedPairs(points);
      stretch *= 2;
    }
  }
  return { points, stretch };
}

function mergedPairs(points: readonly StepPoint[]): StepPoint[] {
  const pairs: StepPoint[] = [];
  for (let i = 0; i < points.length; i += 2) {
    pairs.push(i + 1 < points.length ? merged(points[i], points[i + 1]) : points[i]);
  }
  return pairs;
}

function merged(a: StepPoint, b: StepPoint): StepPoint {
  const count = a.count + b.count;
  return {
    step: b.step,
    count,
    loss: (a.loss * a.count + b.loss * b.count) / count,
    lowest: Math.min(a.lowest, b.lowest),
    highest: Math.max(a.highest, b.highest),
    accuracy: (a.accuracy * a.count + b.accuracy * b.count) / count,
  };
}
