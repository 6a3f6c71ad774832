/**
 * Batches: real and synthetic examples as rows of samples, in a seeded order. Synthetic beats are computed when a batch
 * is filled.
 */
import type { InputId } from "../../contract/domain/networks.ts";
import { randomStream, shuffle } from "../random.ts";
import type { Examples } from "./protocols.ts";
import { interpolateBeat } from "./smote.ts";

/** Beats and recipe that batches are filled from. */
export interface ExampleSource extends Pick<Examples, "realCount" | "recipe" | "classes"> {
  /** Real beats, rows of `length` values: samples of all channels. */
  values: Float32Array;
  length: number;
  /** Features of the real beats, rows of `count` values; absent: none. */
  features?: { values: Float32Array; count: number };
  /** Neighbours of a beat in a sequence, and the recording of each real beat; absent: no sequences. */
  sequence?: { before: number; after: number; records: Uint32Array };
  /** Weight of each example in the training loss; absent: 1. */
  weights?: Float32Array;
}

/**
 * Writes rows of examples: copies of real ones, and blends of two real ones for synthetic beats.
 * @param values real rows of `length` values
 * @param base first real row of each synthetic one; with `neighbour` and `lambda` SMOTE's recipe
 * @param examples numbers of the examples
 * @param out examples × length values; a longer output keeps its other values
 */
export type FillRows = (
  values: Float32Array,
  length: number,
  base: Uint32Array,
  neighbour: Uint32Array,
  lambda: Float32Array,
  examples: Uint32Array,
  out: Float32Array,
) => void;

/** {@link FillRows} in JavaScript. */
export const blendRows: FillRows = (values, length, base, neighbour, lambda, examples, out) => {
  const realCount = values.length / length;
  const recipe = { base, neighbour, lambda };
  for (let i = 0; i < examples.length; i++) {
    const example = examples[i];
    const offset = i * length;
    if (example >= realCount) {
      interpolateBeat(values, recipe, example - realCount, out.subarray(offset, offset + length));
    } else {
      out.set(values.subarray(example * length, (example + 1) * length), offset);
    }
  }
};

export interface BatchFilling {
  source: ExampleSource;
  /** Inputs that the network uses. */
  inputs: readonly InputId[];
  fillRows: FillRows;
}

/**
 * Writes examples to the front of the outputs; longer outputs keep their other values. A synthetic beat has the features
 * that lie between those of its two real beats, as its samples do.
 * @param examples numbers of the examples
 * @param inputsOut rows of each input
 * @param classesOut class number of each example
 */
export function fillBatch(
  { source, inputs, fillRows }: BatchFilling,
  examples: Uint32Array,
  inputsOut: readonly Float32Array[],
  classesOut: Int32Array | Float32Array | Uint8Array,
): void {
  const { classes, realCount, recipe } = source;
  for (let i = 0; i < examples.length; i++) classesOut[i] = classes[examples[i]];
  inputs.forEach((input, i) => {
    if (input === "sequence") {
      fillSequences(source, examples, inputsOut[i]);
      return;
    }
    const { values, length } = input === "input" ? source : featureRows(source);
    const { base, neighbour, lambda } = recipe;
    fillRows(values.subarray(0, realCount * length), length, base, neighbour, lambda, examples, inputsOut[i]);
  });
}

function featureRows({ features }: ExampleSource): { values: Float32Array; length: number } {
  if (features === undefined) throw new RangeError("The preparation has no features of beats.");
  return { values: features.values, length: features.count };
}

/** Writes the features of each beat with its neighbours in the recording; 0 where a neighbour is missing. */
function fillSequences(source: ExampleSource, examples: Uint32Array, out: Float32Array): void {
  const { sequence } = source;
  const { values, length } = featureRows(source);
  if (sequence === undefined) throw new RangeError("The preparation has no sequences of beats.");
  const { before, after, records } = sequence;
  const size = (before + 1 + after) * length;
  for (let i = 0; i < examples.length; i++) {
    const beat = examples[i];
    // Beats of a recording are consecutive, so that a sequence is one piece of the table.
    let first = beat;
    while (first > 0 && beat - first < before && records[first - 1] === records[beat]) first--;
    let end = beat + 1;
    while (end < records.length && end - beat <= after && records[end] === records[beat]) end++;
    const from = i * size + (before - (beat - first)) * length;
    out.fill(0, i * size, from);
    out.set(values.subarray(first * length, end * length), from);
    out.fill(0, from + (end - first) * length, (i + 1) * size);
  }
}

/** Returns a set's examples in the order of one epoch, which depends on set, seed and epoch alone. */
export function epochOrder(examples: Uint32Array, seed: number, epoch: number): Uint32Array {
  return shuffle(examples.slice(), randomStream(seed, "epoch", epoch));
}

/**
 * Returns as many examples as the set has, in turn of each class, so that every batch has the classes equally often.
 * Examples of a class repeat once all of them have been used.
 * @param classOf class of each example
 */
export function balancedOrder(examples: Uint32Array, classOf: Uint8Array, seed: number, epoch: number): Uint32Array {
  const shuffled = epochOrder(examples, seed, epoch);
  const byClass = new Map<number, number[]>();
  for (const example of shuffled) {
    const members = byClass.get(classOf[example]);
    if (members === undefined) byClass.set(classOf[example], [example]);
    else members.push(example);
  }
  const classes = [...byClass].sort(([a], [b]) => a - b).map(([, members]) => members);
  return shuffled.map((_, i) => {
    const members = classes[i % classes.length];
    return members[Math.floor(i / classes.length) % members.length];
  });
}
