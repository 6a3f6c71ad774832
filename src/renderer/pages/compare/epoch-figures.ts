/** What a run reached at an epoch: the best, the last, or one that is chosen. */
import type { EpochMetrics } from "../../../contract/domain/training.ts";

export type EpochChoice = "best" | "last" | number;

/** @param best whose weights were kept; null: not known yet. @returns null where the run has no such epoch */
export function epochAt(
  epochs: readonly EpochMetrics[],
  choice: EpochChoice,
  best: number | null,
): EpochMetrics | null {
  if (choice === "last") return epochs.at(-1) ?? null;
  const number = choice === "best" ? (best ?? bestOf(epochs)) : choice;
  return epochs.find(({ epoch }) => epoch === number) ?? null;
}

/** With the lowest validation loss, as the training keeps it; of equals the first. */
function bestOf(epochs: readonly EpochMetrics[]): number | null {
  let best: EpochMetrics | null = null;
  for (const each of epochs) if (best === null || each.validationLoss < best.validationLoss) best = each;
  return best?.epoch ?? null;
}

export const curveFigures = {
  validationLoss: { name: "Validation loss", unit: "Cross-entropy (nats)", share: false },
  validationAccuracy: { name: "Validation accuracy", unit: "Right answers (%)", share: true },
  validationMacroF1: { name: "Validation macro F1", unit: "Macro F1 (%)", share: true },
  trainLoss: { name: "Training loss", unit: "Cross-entropy (nats)", share: false },
  trainAccuracy: { name: "Training accuracy", unit: "Right answers (%)", share: true },
} as const satisfies Partial<Record<keyof EpochMetrics, { name: string; unit: string; share: boolean }>>;
export type CurveFigure = keyof typeof curveFigures;

/** What stands on the x axis. */
export const curveAxes = { epoch: "Epoch", step: "Step", time: "Time of training (s)" } as const;
export type CurveAxis = keyof typeof curveAxes;

/**
 * A run's curve by epochs.
 */
export function curveOf(
  epochs: readonly EpochMetrics[],
  figure: CurveFigure,
  axis: CurveAxis,
  stepsPerEpoch: number,
): [x: number, y: number][] {
  let seconds = 0;
  return epochs.map((each) => {
    seconds += each.seconds + each.validationSeconds;
    const x = { epoch: each.epoch, step: each.epoch * stepsPerEpoch, time: seconds }[axis];
    return [x, each[figure]];
  });
}

/** Exponential smoothing as TensorBoard has it, its start not pulled towards 0. @param weight of what came before: 0, none, to below 1 */
export function smoothed(points: readonly (readonly [number, number])[], weight: number): [number, number][] {
  let last = 0;
  return points.map(([x, y], i) => {
    last = weight * last + (1 - weight) * y;
    return [x, last / (1 - weight ** (i + 1))];
  });
}
