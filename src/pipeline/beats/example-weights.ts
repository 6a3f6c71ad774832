/** Weights of examples in the training loss: stored weights, class weights, and the weight of synthetic beats. */
import type { WeightingSettings } from "../../contract/domain/optimization.ts";
import type { ExampleSource } from "./batches.ts";

/** Writes the weights of a batch's examples to `out`. */
export type WeightsOf = (examples: Uint32Array, out: Float32Array) => void;

/**
 * Returns a function that computes the weights of examples: the product of all that apply.
 * @param examples with the weights that the preparation stores, if it does
 * @param labels class labels
 * @param train examples of the training set, which `balanced` counts
 */
export function exampleWeights(
  { classes, realCount, weights }: Pick<ExampleSource, "classes" | "realCount" | "weights">,
  labels: readonly string[],
  train: Uint32Array,
  { classes: chosen, synthetic }: WeightingSettings,
): WeightsOf {
  // `hasOwn`, because a class may have the name of an inherited property.
  const byClass = labels.map((label) =>
    typeof chosen === "object" && Object.hasOwn(chosen, label) ? chosen[label] : 1,
  );
  if (chosen === "balanced") {
    const counts = labels.map(() => 0);
    for (const example of train) counts[classes[example]]++;
    // Like scikit-learn's compute_class_weight: n / (classes · count). The weight of a class without beats does not
    // matter.
    const present = counts.filter((count) => count > 0).length;
    counts.forEach((count, i) => (byClass[i] = count === 0 ? 1 : train.length / (present * count)));
  }
  return (examples, out) => {
    for (let i = 0; i < examples.length; i++) {
      const example = examples[i];
      const stored = weights === undefined ? 1 : weights[example];
      out[i] = stored * byClass[classes[example]] * (example >= realCount ? synthetic : 1);
    }
  };
}
