/** What each training beat counts in the loss: by its class, and by whether it is real. */
import type { WeightingSettings } from "../../contract/domain/optimization.ts";
import type { Examples } from "./protocols.ts";

/** Gives the weights of a batch's examples. */
export type WeightsOf = (examples: Uint32Array, out: Float32Array) => void;

/**
 * @param labels of the classes
 * @param part examples that are trained on: what `balanced` counts
 */
export function exampleWeights(
  { classes, realCount }: Pick<Examples, "classes" | "realCount">,
  labels: readonly string[],
  part: Uint32Array,
  { classes: chosen, synthetic }: WeightingSettings,
): WeightsOf {
  // A class may be called like what every object inherits.
  const byClass = labels.map((label) =>
    typeof chosen === "object" && Object.hasOwn(chosen, label) ? chosen[label] : 1,
  );
  if (chosen === "balanced") {
    const counts = labels.map(() => 0);
    for (const example of part) counts[classes[example]]++;
    // As scikit-learn's compute_class_weight: n / (classes · count). A class without a beat weighs nothing anyway.
    const present = counts.filter((count) => count > 0).length;
    counts.forEach((count, i) => (byClass[i] = count === 0 ? 1 : part.length / (present * count)));
  }
  return (examples, out) => {
    for (let i = 0; i < examples.length; i++) {
      out[i] = byClass[classes[examples[i]]] * (examples[i] >= realCount ? synthetic : 1);
    }
  };
}
