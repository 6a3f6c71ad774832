/** Creates the optimizer of the settings. */
import type { OptimizerSettings } from "../../contract/domain/optimization.ts";
import { adam } from "./adam.ts";
import { slotsOf } from "../plan/optimizer-values.ts";
import type { Optimizer, UpdateRule } from "./optimizer.ts";
import { rmsprop } from "./rmsprop.ts";
import { sgd } from "./sgd.ts";

export function createOptimizer(settings: OptimizerSettings): Optimizer {
  return { ...ruleOf(settings), slots: slotsOf(settings) };
}

function ruleOf(settings: OptimizerSettings): UpdateRule {
  switch (settings.kind) {
    case "adam":
      return adam({ ...settings, weightDecay: 0 });
    case "adamw":
      return adam(settings);
    case "sgd":
      return sgd(settings);
    case "rmsprop":
      return rmsprop(settings);
  }
}
