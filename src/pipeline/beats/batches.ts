/** Batches: real and synthetic examples as rows of samples, made at the moment they are fed, in a seeded order. */
import { randomStream, shuffle } from "../random.ts";
import type { Examples } from "./protocols.ts";
import { synthesise } from "./smote.ts";

export interface ExampleSource extends Pick<Examples, "realCount" | "recipe" | "classes"> {
  /** Real beats, rows of `length` samples. */
  values: Float32Array;
  length: number;
}

/**
 * Writes examples `order[from]` to `order[to − 1]` to the front of the outputs.
 * @param valuesOut (to − from) × length samples
 * @param classesOut to − from class numbers
 */
export function fillBatch(
  source: ExampleSource,
  order: Uint32Array,
  from: number,
  to: number,
  valuesOut: Float32Array,
  classesOut: Int32Array | Float32Array | Uint8Array,
): void {
  const { values, length, realCount, recipe, classes } = source;
  for (let i = from; i < to; i++) {
    const example = order[i];
    const offset = (i - from) * length;
    classesOut[i - from] = classes[example];
    if (example >= realCount) {
      synthesise(values, length, recipe, example - realCount, valuesOut, offset);
    } else {
      valuesOut.set(values.subarray(example * length, (example + 1) * length), offset);
    }
  }
}

/** A part's examples in the order of one epoch. It depends on the part, the seed and the epoch alone. */
export function epochOrder(part: Uint32Array, seed: number, epoch: number): Uint32Array {
  return shuffle(part.slice(), randomStream(seed, "epoch", epoch));
}
