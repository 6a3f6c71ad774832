/** Normalizations of Keras. What Ectopy's layers lack becomes other weights. */
import { NORMALIZATION_EPSILON } from "../../networks/normalization.ts";
import type { Weight } from "../trained-model.ts";
import { UnknownModelError } from "../unknown-model-error.ts";
import type { Equivalent, Part } from "./equivalent.ts";
import type { KerasSettings } from "./settings.ts";

const EPSILONS = [0, 1] as const;

/** Another epsilon is added to the variances. */
export function batchNormalization(settings: KerasSettings): Equivalent {
  const more = settings.number("epsilon", NORMALIZATION_EPSILON, EPSILONS) - NORMALIZATION_EPSILON;
  return normalization(settings, { kind: "batch-normalization" }, ["moving_mean", "moving_variance"], (weight) =>
    more === 0 || weight.name !== "moving_variance"
      ? weight
      : { ...weight, values: weight.values.map((value) => value + more) },
  );
}

export function layerNormalization(settings: KerasSettings): Equivalent {
  settings.only({ rms_scaling: false });
  const epsilon = settings.number("epsilon", NORMALIZATION_EPSILON, [Number.MIN_VALUE, 1]);
  return normalization(settings, { kind: "layer-normalization", epsilon }, [], (weight) => weight);
}

/** Without gamma or beta, these are 1 or 0. @param change changes a weight of the file */
function normalization(
  settings: KerasSettings,
  part: Part,
  moving: readonly string[],
  change: (weight: Weight) => Weight,
): Equivalent {
  settings.onlyLastAxis();
  const channels = settings.input?.at(-1) ?? 0;
  const trained = [
    ...(settings.flag("scale", true) ? ["gamma"] : []),
    ...(settings.flag("center", true) ? ["beta"] : []),
  ];
  const roles = [...trained, ...moving];
  return {
    parts: [part],
    roles,
    weights: (given) => {
      if (given.some(({ values }) => values.length !== channels)) {
        throw new UnknownModelError("It normalizes another axis than the channels.");
      }
      const named = new Map(given.map((weight, i) => [roles[i], change({ ...weight, name: roles[i] })]));
      const missing = (name: string): Weight => ({
        name,
        shape: [channels],
        values: new Float32Array(channels).fill(name === "gamma" ? 1 : 0),
      });
      return [["gamma", "beta", ...moving].map((name) => named.get(name) ?? missing(name))];
    },
  };
}
