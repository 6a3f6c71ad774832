/** Reads values of HDF5 files of unknown origin. Sizes are checked before: a few bytes may announce any number of values. */
import type { Weight } from "./trained-model.ts";

/** Limit of all weights as float32: ten times the largest known network for beats. */
const MAX_WEIGHT_BYTES = 400_000_000;

/** A dataset or an attribute, before its values are read. */
export interface StoredValues {
  readonly metadata: { size: number; shape?: number[] | null };
}

/** Returns the size of the values in memory; the file's size bounds strings of variable length. */
export function bytesInMemory({ metadata }: StoredValues): number {
  return metadata.size * (metadata.shape ?? []).reduce((product, length) => product * length, 1);
}

/** Reads the weights of one file, up to a limit for all of them together. */
export class WeightReader {
  #bytesLeft = MAX_WEIGHT_BYTES;

  /** Reads a weight. @param label its place in the file, for errors */
  read(dataset: StoredValues & { shape: number[] | null; value: unknown }, name: string, label: string): Weight {
    this.#bytesLeft -= bytesInMemory(dataset);
    if (!(this.#bytesLeft >= 0)) throw new Error(`The weights take more than ${MAX_WEIGHT_BYTES} bytes.`);
    const { value } = dataset;
    if (!(value instanceof Float32Array)) throw new Error(`${label} is not of float32.`);
    return { name, shape: dataset.shape!, values: value };
  }
}

/**
 * Closes a file that was read. Some damaged files abort HDF5's library, which then can't close them: the thread's end
 * does.
 */
export function closeFile(h5: { close(): unknown }): void {
  try {
    h5.close();
  } catch (error) {
    if (!(error instanceof Error && error.name === "RuntimeError")) throw error;
  }
}
