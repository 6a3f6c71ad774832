/**
 * Reads a preparation's folder (src/pipeline/beats/preparation-format.ts) for a training, and computes its fingerprint.
 */
import { createHash } from "node:crypto";
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { NetworkShape } from "../../contract/domain/networks.ts";
import {
  inputSizesOf,
  preparationDescriptionSchema,
  setNames,
  type PreparationDescription,
  type SetName,
} from "../../contract/domain/preparation.ts";
import type { ExampleSource } from "../../pipeline/beats/batches.ts";
import {
  arrayOf,
  descriptionFileIn,
  preparationArrayFiles,
  type PreparationArray,
  type PreparationArrayFile,
} from "../../pipeline/beats/preparation-format.ts";

/** A preparation in memory. */
export interface LoadedPreparation {
  labels: string[];
  /** Classes and inputs that it offers networks. */
  shape: NetworkShape;
  source: ExampleSource;
  sets: Record<SetName, Uint32Array>;
  /** Names of the features, in the order of their values. */
  featureNames: string[];
}

const READ_BLOCK_BYTES = 1 << 20;

/**
 * Refuses a preparation whose files have changed since they were stored. 170 MB take about 0.2 s.
 * @param fingerprint SHA-256 over all files, in hexadecimal
 * @throws EctopyError `damaged-file`
 */
export function checkFingerprint(folder: string, fingerprint: string): void {
  if (preparationFingerprint(folder) === fingerprint) return;
  throw damaged(`The files of the preparation in ${folder} have changed since they were stored.`);
}

/**
 * Returns the SHA-256 over the contents of all files of a preparation, in hexadecimal. File names are not hashed, so
 * both names of the description give the same fingerprint.
 * @throws EctopyError `damaged-file`
 */
export function preparationFingerprint(folder: string): string {
  const hash = createHash("sha256");
  const block = new Uint8Array(READ_BLOCK_BYTES);
  const files = preparationArrayFiles((file) => existsSync(join(folder, file)));
  for (const path of [descriptionPath(folder), ...files.map((file) => join(folder, file))]) {
    const descriptor = openToRead(path);
    try {
      for (let count; (count = readSync(descriptor, block)) > 0;) hash.update(block.subarray(0, count));
    } catch (cause) {
      throw damaged(`${path} can't be read.`, cause);
    } finally {
      closeSync(descriptor);
    }
  }
  return hash.digest("hex");
}

/** Returns the path of a preparation's description, under its present or its former name. */
export function descriptionPath(folder: string): string {
  return join(
    folder,
    descriptionFileIn((name) => existsSync(join(folder, name))),
  );
}

/**
 * Reads a preparation into memory.
 * @throws EctopyError `damaged-file` where a file is missing or does not fit the others
 */
export function loadPreparation(folder: string): LoadedPreparation {
  const description = readDescription(folder);
  const { windowLength, channels = 1, beats, labels, features, sequence, weighted } = description;
  const read = <File extends PreparationArrayFile>(file: File): PreparationArray<File> =>
    arrayOf(file, readBytes(join(folder, file)));
  const preparation: LoadedPreparation = {
    labels,
    shape: { ...inputSizesOf(description), windowLength, classes: labels.length },
    source: {
      length: windowLength * channels,
      realCount: beats,
      values: read("beats.f32"),
      classes: read("classes.u8"),
      recipe: {
        base: read("recipe-base.u32"),
        neighbour: read("recipe-neighbour.u32"),
        lambda: read("recipe-lambda.f32"),
      },
      ...(features && { features: { values: read("features.f32"), count: features.length } }),
      ...(sequence && { sequence: { ...sequence, records: read("beat-record.u32") } }),
      ...(weighted && { weights: read("weights.f32") }),
    },
    featureNames: features ?? [],
    sets: { train: read("train.u32"), validation: read("validation.u32"), test: read("test.u32") },
  };
  checkSizes(folder, preparation);
  return preparation;
}

function checkSizes(folder: string, { labels, source, sets: examples }: LoadedPreparation): void {
  const rows = source.recipe.base.length;
  const { features, sequence, weights } = source;
  const fits =
    (!features || features.values.length === source.realCount * features.count) &&
    // Synthetic beats have no neighbours.
    (!sequence || (rows === 0 && sequence.records.length === source.realCount)) &&
    (!weights || weights.length === source.classes.length) &&
    source.values.length === source.realCount * source.length &&
    source.classes.length === source.realCount + rows &&
    source.recipe.neighbour.length === rows &&
    source.recipe.lambda.length === rows &&
    source.classes.every((number) => number < labels.length) &&
    source.recipe.base.every((beat) => beat < source.realCount) &&
    source.recipe.neighbour.every((beat) => beat < source.realCount) &&
    setNames.every((set) => examples[set].length > 0) &&
    setNames.every((set) => examples[set].every((example) => example < source.classes.length));
  if (!fits) throw damaged(`The files of the preparation in ${folder} do not fit together.`);
}

/** Reads the description of a preparation. @throws EctopyError `damaged-file` */
export function readDescription(folder: string): PreparationDescription {
  const path = descriptionPath(folder);
  try {
    return preparationDescriptionSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw damaged(`${path} can't be read.`, cause);
  }
}

/** Returns the recording of each real beat, by its number in the description. @throws EctopyError `damaged-file` */
export function readRecordNumbers(folder: string): Uint32Array {
  return arrayOf("beat-record.u32", readBytes(join(folder, "beat-record.u32")));
}

function readBytes(path: string): ArrayBuffer {
  const descriptor = openToRead(path);
  try {
    const { size } = fstatSync(descriptor);
    if (size % 4 !== 0 && !path.endsWith(".u8")) throw damaged(`${path} is truncated.`);
    const bytes = new Uint8Array(size);
    for (let done = 0; done < size;) {
      const count = readSync(descriptor, bytes, done, size - done, done);
      if (count === 0) throw damaged(`${path} is truncated.`);
      done += count;
    }
    return bytes.buffer;
  } catch (cause) {
    // Opening succeeds for a folder, and a disk can fail during a read.
    throw cause instanceof EctopyError ? cause : damaged(`${path} can't be read.`, cause);
  } finally {
    closeSync(descriptor);
  }
}

function openToRead(path: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    throw damaged(`${path} can't be read.`, cause);
  }
}

function damaged(message: string, cause?: unknown): EctopyError {
  return new EctopyError(
    "damaged-file",
    message,
    "Prepare again with the same settings: the damaged files are replaced.",
    { cause },
  );
}
