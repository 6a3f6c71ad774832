/** The curve of very many steps as few points that grow while it is watched: each stands for a stretch of steps. */
import type { StepCurves, ThinnedSteps } from "../../contract/domain/training.ts";

export interface StepPoint {
  /** Last step of the stretch, from 1, over all epochs; and how many steps it stands for. */
  step: number;
  count: number;
  /** Means over the stretch, and the extremes of the loss. */
  loss: number;
  lowest: number;
  highest: number;
  accuracy: number;
}

export interface StepPoints {
  points: readonly StepPoint[];
  /** Steps that a full point stands for. */
  stretch: number;
}

/** More than a screen has columns for a chart. */
export const MOST_POINTS = 1200;

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

/** Last step that is known; 0 where there is none. */
export function lastStep({ points }: StepPoints): number {
  return points.at(-1)?.step ?? 0;
}

/**
 * Adds steps that follow; those that are known already are passed over.
 * @param most points are merged two and two where there would be more
 * @throws RangeError where steps between are missing
 */
export function appendSteps(
  known: StepPoints,
  { firstStep, losses, accuracies }: StepCurves,
  most = MOST_POINTS,
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
    if (points.length > most) {
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
