/** Predicts the class probabilities of examples of a preparation. */
import type { ExampleSource } from "../../pipeline/beats/batches.ts";
import { inputsWithShapes } from "../networks/wiring.ts";
import type { Training } from "./create-training.ts";

export interface Predictions {
  /** Examples × classes. */
  probabilities: Float32Array;
  /** True class of each example. */
  truth: Uint8Array;
}

/**
 * Predicts examples in chunks.
 * @param between called after each chunk with the number of predicted examples; may wait, or throw to stop
 */
export async function predict(
  { network, fillBatch }: Pick<Training, "network" | "fillBatch">,
  source: ExampleSource,
  examples: Uint32Array,
  between: (done: number) => Promise<void>,
): Promise<Predictions> {
  const { classes } = network.shape;
  const chunk = network.predictedAtOnce;
  const given = inputsWithShapes(network.spec, network.shape);
  const probabilities = new Float32Array(examples.length * classes);
  const truth = new Uint8Array(examples.length);
  for (let from = 0; from < examples.length; from += chunk) {
    const to = Math.min(examples.length, from + chunk);
    const inputs = given.map(({ size }) => new Float32Array((to - from) * size));
    fillBatch(source, examples.subarray(from, to), inputs, truth.subarray(from, to));
    probabilities.set(network.probabilities(inputs), from * classes);
    await between(to);
  }
  return { probabilities, truth };
}
