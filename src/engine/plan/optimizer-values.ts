/** Values of the optimizers that all their implementations share. */
import type { OptimizerSettings } from "../../contract/domain/optimization.ts";

/** Returns the names of the slots that an optimizer keeps for each weight. A checkpoint has them in this order. */
export function slotsOf(settings: OptimizerSettings): readonly string[] {
  switch (settings.kind) {
    case "adam":
    case "adamw":
      return ["mean", "square"];
    case "sgd":
      return settings.momentum > 0 ? ["velocity"] : [];
    case "rmsprop":
      return ["square", "change"];
  }
}

/**
 * Returns Adam's learning rate with its bias correction, α·√(1 − β₂ᵗ)/(1 − β₁ᵗ). It does not apply to ε, as in Keras and
 * unlike in TF.js.
 * @param beta1Power β₁ᵗ
 * @param beta2Power β₂ᵗ
 */
export function correctedRate(learningRate: number, beta1Power: number, beta2Power: number): number {
  return (learningRate * Math.sqrt(1 - beta2Power)) / (1 - beta1Power);
}
