/**
 * Batches: real and synthetic examples as rows of samples, in a seeded order. Synthetic beats are computed when a batch
 * is filled.
 */
import { randomStream, shuffle } from "../random.ts";
import type { Examples } from "./protocols.ts";
import { interpolateBeat } from "./smote.ts";

/** Beats and recipe that batches are filled from. */
export interface ExampleSource extends Pick<Examples, "realCount" | "recipe" | "classes"> {
  /** Real beats, rows of `length` samples. */
  values: Float32Array;
  length: number;
}

/**
 * Writes examples to the front of the outputs; longer outputs keep their other values.
 * @param examples numbers of the examples
 * @param valuesOut examples × length samples
 * @param classesOut class number of each example
 */
export function fillBatch(
  source: ExampleSource,
  examples: Uint32Array,
  valuesOut: Float32Array,
  classesOut: Int32Array | Float32Array | Uint8Array,
): void {
  const { values, length, realCount, recipe, classes } = source;
  for (let i = 0; i < examples.length; i++) {
    const example = examples[i];
    const offset = i * length;
    classesOut[i] = classes[example];
    if (example >= realCount) {
      interpolateBeat(values, recipe, example - realCount, valuesOut.subarray(offset, offset + length));
    } else {
      valuesOut.set(values.subarray(example * length, (example + 1) * length), offset);
    }
  }
}

/** Returns a set's examples in the order of one epoch, which depends on set, seed and epoch alone. */
export function epochOrder(examples: Uint32Array, seed: number, epoch: number): Uint32Array {
  return shuffle(examples.slice(), randomStream(seed, "epoch", epoch));
}
