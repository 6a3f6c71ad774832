/** How a training loss differs from cross-entropy, with the numbers of its training set. */
import type { LossSettings } from "../../contract/domain/optimization.ts";

export interface LossShape extends Pick<LossSettings, "labelSmoothing" | "focus"> {
  /** Added to the logits of each class; null: none. */
  adjustment: Float32Array | null;
}

export const CROSS_ENTROPY: LossShape = { labelSmoothing: 0, focus: 0, adjustment: null };

/**
 * Returns the loss of a training.
 * @param counts training beats of each class: a class without any counts as one beat
 */
export function lossShapeOf(settings: LossSettings | undefined, counts: readonly number[]): LossShape {
  if (settings === undefined) return CROSS_ENTROPY;
  const { labelSmoothing, focus, logitAdjustment } = settings;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const adjustment =
    logitAdjustment === 0
      ? null
      : Float32Array.from(counts, (count) => logitAdjustment * Math.log(Math.max(1, count) / total));
  return { labelSmoothing, focus, adjustment };
}
