/** Predicts the class probabilities of examples of a preparation. */
import { setImmediate } from "node:timers/promises";
import type { ExampleSource } from "../../pipeline/beats/batches.ts";
import { inputsWithShapes } from "../networks/wiring.ts";
import type { Training } from "./create-training.ts";
import { InterruptedError } from "./step-blocks.ts";

export interface Predictions {
  /** Examples × classes. */
  probabilities: Float32Array;
  /** True class of each example. */
  truth: Uint8Array;
}

/**
 * Predicts examples in chunks. An interrupted chunk is repeated after `between`.
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
  let from = 0;
  while (from < examples.length) {
    const to = Math.min(examples.length, from + chunk);
    const inputs = given.map(({ size }) => new Float32Array((to - from) * size));
    fillBatch(source, examples.subarray(from, to), inputs, truth.subarray(from, to));
    const predicted = attempt(() => network.probabilities(inputs));
    if (predicted !== null) {
      probabilities.set(predicted, from * classes);
      from = to;
    } else {
      // The message that comes with the interruption must arrive.
      await setImmediate();
    }
    await between(from);
  }
  return { probabilities, truth };
}

/** @returns null where the prediction was interrupted */
function attempt(predict: () => Float32Array): Float32Array | null {
  try {
    return predict();
  } catch (error) {
    if (error instanceof InterruptedError) return null;
    throw error;
  }
}
