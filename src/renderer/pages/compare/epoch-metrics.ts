/** Metrics of a run at one epoch, and their curves over all epochs. */
import type { EpochMetrics } from "../../../contract/domain/training.ts";

export type EpochChoice = "best" | "last" | number;

/**
 * Returns the metrics of an epoch; null where the run has no such epoch.
 * @param best the best epoch; null before it is stored
 */
export function epochAt(
  epochs: readonly EpochMetrics[],
  choice: EpochChoice,
  best: number | null,
): EpochMetrics | null {
  if (choice === "last") return epochs.at(-1) ?? null;
  const number = choice === "best" ? (best ?? bestOf(epochs)) : choice;
  return epochs.find(({ epoch }) => epoch === number) ?? null;
}

/** Returns the epoch with the lowest validation loss, the first of equals, by the rule of the training loop. */
function bestOf(epochs: readonly EpochMetrics[]): number | null {
  let best: EpochMetrics | null = null;
  for (const each of epochs) if (best === null || each.validationLoss < best.validationLoss) best = each;
  return best?.epoch ?? null;
}

export const curveMetrics = {
  validationLoss: { name: "Validation loss", unit: "Loss (cross-entropy)", share: false },
  validationAccuracy: { name: "Validation accuracy", unit: "Accuracy (%)", share: true },
  validationMacroF1: { name: "Validation macro F1", unit: "Macro F1 (%)", share: true },
  trainLoss: { name: "Training loss", unit: "Loss (cross-entropy)", share: false },
  trainAccuracy: { name: "Training accuracy", unit: "Accuracy (%)", share: true },
} as const satisfies Partial<Record<keyof EpochMetrics, { name: string; unit: string; share: boolean }>>;
export type CurveMetric = keyof typeof curveMetrics;

/** Quantities on the x axis. */
export const curveAxes = { epoch: "Epoch", step: "Step", time: "Training time (s)" } as const;
export type CurveAxis = keyof typeof curveAxes;

/** Returns a metric of all epochs as points of a curve. */
export function curveOf(
  epochs: readonly EpochMetrics[],
  metric: CurveMetric,
  axis: CurveAxis,
  stepsPerEpoch: number,
): [x: number, y: number][] {
  let seconds = 0;
  return epochs.map((each) => {
    seconds += each.seconds + each.validationSeconds;
    const x = { epoch: each.epoch, step: each.epoch * stepsPerEpoch, time: seconds }[axis];
    return [x, each[metric]];
  });
}

/**
 * Smooths a curve exponentially like TensorBoard, with a correction that keeps its start from being pulled towards 0.
 * @param weight of the previous value: 0 (no smoothing) to below 1
 */
export function smoothed(points: readonly (readonly [number, number])[], weight: number): [number, number][] {
  let last = 0;
  return points.map(([x, y], i) => {
    last = weight * last + (1 - weight) * y;
    return [x, last / (1 - weight ** (i + 1))];
  });
}
