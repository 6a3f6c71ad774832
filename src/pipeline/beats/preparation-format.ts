/**
 * The file format of a preparation, as one folder: names, element types and order of its files.
 *
 *   preparation.json        window length, class labels, recordings, number of real beats (preparationDescriptionSchema)
 *   beats.f32               real beats, rows of `windowLength` samples of `channels` values
 *   classes.u8              class of each example (real beats first, then synthetic ones)
 *   beat-{record,sample}.u32                           recording and R-peak of each real beat
 *   recipe-{base,neighbour}.u32, recipe-lambda.f32     SMOTE's recipe, one row for each synthetic beat
 *   {train,validation,test}.u32                        examples of each set
 *   features.f32            features of each real beat, scaled; only where the description names `features`
 *   weights.f32             weight of each example in the training loss; only where the description is `weighted`
 *
 * Beats of one recording are consecutive and in the order of time: the neighbours of beat i in a sequence are i−k and
 * i+k, as far as they have the same recording. A missing neighbour has features of 0. A feature of mean 0 and deviation
 * 1 that is 1 for every beat therefore tells a network which neighbours are missing.
 *
 * All arrays are raw and little-endian, so that they are read without a conversion.
 */

import type { PreparationInputs } from "../../contract/domain/preparation.ts";

export const DESCRIPTION_FILE = "preparation.json";
/** Name of the description in folders that were written up to version 0.1.0. */
export const FORMER_DESCRIPTION_FILE = "dataset.json";

/** Element type of each array, by its file. */
export const PREPARATION_ARRAYS = {
  "beats.f32": Float32Array,
  "classes.u8": Uint8Array,
  "beat-record.u32": Uint32Array,
  "beat-sample.u32": Uint32Array,
  "recipe-base.u32": Uint32Array,
  "recipe-neighbour.u32": Uint32Array,
  "recipe-lambda.f32": Float32Array,
  "train.u32": Uint32Array,
  "validation.u32": Uint32Array,
  "test.u32": Uint32Array,
  "features.f32": Float32Array,
  "weights.f32": Float32Array,
} as const;

export type PreparationArrayFile = keyof typeof PREPARATION_ARRAYS;
export type PreparationArray<File extends PreparationArrayFile> =
  (typeof PREPARATION_ARRAYS)[File] extends typeof Float32Array
    ? Float32Array
    : (typeof PREPARATION_ARRAYS)[File] extends typeof Uint8Array
      ? Uint8Array
      : Uint32Array;
/** Files that a preparation has where its description says so. */
export type OptionalArrayFile = "features.f32" | "weights.f32";
/** All arrays of a preparation, by their files. */
export type PreparationArrays = {
  [File in Exclude<PreparationArrayFile, OptionalArrayFile>]: PreparationArray<File>;
} & { [File in OptionalArrayFile]?: PreparationArray<File> | undefined };
export type PreparationFile = typeof DESCRIPTION_FILE | PreparationArrayFile;

/**
 * Returns the files of the arrays, in the order in which the fingerprint hashes them; the description comes before
 * them. Optional files come last, so that a preparation without them keeps its fingerprint.
 * @param has whether the preparation has an optional file
 */
export function preparationArrayFiles(has: (file: OptionalArrayFile) => boolean): PreparationArrayFile[] {
  const files = Object.keys(PREPARATION_ARRAYS) as PreparationArrayFile[];
  return files.filter((file) => (file !== "features.f32" && file !== "weights.f32") || has(file));
}

/** Inputs of networks that a preparation offers beside beats of one channel, with their values. */
export interface PreparedInputs extends PreparationInputs {
  /** Rows of scaled features, one for each real beat. */
  featureValues?: Float32Array;
  /** Weight of each example in the training loss, real beats first. */
  weights?: Float32Array;
}

/**
 * Returns the name of the description in a folder: the former one only where the folder has that file alone.
 * @param exists whether the folder has a file of a name
 */
export function descriptionFileIn(exists: (name: string) => boolean): string {
  return !exists(DESCRIPTION_FILE) && exists(FORMER_DESCRIPTION_FILE) ? FORMER_DESCRIPTION_FILE : DESCRIPTION_FILE;
}

/**
 * Returns the bytes of a file as its array, without a copy.
 * @throws RangeError where the bytes end within an element
 */
export function arrayOf<File extends PreparationArrayFile>(file: File, bytes: ArrayBuffer): PreparationArray<File> {
  return new PREPARATION_ARRAYS[file](bytes) as PreparationArray<File>;
}
