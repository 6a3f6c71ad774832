/**
 * The file format of a preparation, as one folder: names, element types and order of its files.
 *
 *   preparation.json        window length, class labels, recordings, number of real beats (preparationDescriptionSchema)
 *   beats.f32               real beats, rows of `windowLength` samples
 *   classes.u8              class of each example (real beats first, then synthetic ones)
 *   beat-{record,sample}.u32                           recording and R-peak of each real beat
 *   recipe-{base,neighbour}.u32, recipe-lambda.f32     SMOTE's recipe, one row for each synthetic beat
 *   {train,validation,test}.u32                        examples of each set
 *
 * All arrays are raw and little-endian, so that they are read without a conversion.
 */

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
} as const;

export type PreparationArrayFile = keyof typeof PREPARATION_ARRAYS;
export type PreparationArray<File extends PreparationArrayFile> =
  (typeof PREPARATION_ARRAYS)[File] extends typeof Float32Array
    ? Float32Array
    : (typeof PREPARATION_ARRAYS)[File] extends typeof Uint8Array
      ? Uint8Array
      : Uint32Array;
/** All arrays of a preparation, by their files. */
export type PreparationArrays = { [File in PreparationArrayFile]: PreparationArray<File> };
export type PreparationFile = typeof DESCRIPTION_FILE | PreparationArrayFile;

/** Files of the arrays, in the order in which the fingerprint hashes them; the description comes before them. */
export const PREPARATION_ARRAY_FILES = Object.keys(PREPARATION_ARRAYS) as PreparationArrayFile[];
/** All files of a new preparation, in the order in which its fingerprint hashes them. */
export const PREPARATION_FILES: readonly PreparationFile[] = [DESCRIPTION_FILE, ...PREPARATION_ARRAY_FILES];

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
