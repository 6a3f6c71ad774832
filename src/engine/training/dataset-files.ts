/**
 * A prepared dataset on the disk: what a preparation writes and a training reads.
 *
 *   dataset.json            window length, class labels, records, number of real beats
 *   beats.f32               real beats, rows of `windowLength` samples
 *   classes.u8              class of each example (real beats, then rows of the recipe)
 *   recipe-{base,neighbour}.u32, recipe-lambda.f32     SMOTE's recipe, a row a synthetic beat
 *   {train,validation,test}.u32                        examples of each part
 *   beat-{record,sample}.u32                           where each real beat comes from
 *
 * Raw little-endian arrays: read as they lie, without a copy.
 */
import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { EctopyError } from "../../contract/domain/errors.ts";
import { setNames, type SetName } from "../../contract/domain/preparation.ts";
import type { ExampleSource } from "../../pipeline/beats/batches.ts";

export interface PreparedDataset {
  labels: string[];
  source: ExampleSource;
  sets: Record<SetName, Uint32Array>;
}

/** All files of a preparation, in the order in which its fingerprint hashes them. */
export const PREPARED_FILES = [
  "dataset.json",
  "beats.f32",
  "classes.u8",
  "beat-record.u32",
  "beat-sample.u32",
  "recipe-base.u32",
  "recipe-neighbour.u32",
  "recipe-lambda.f32",
  "train.u32",
  "validation.u32",
  "test.u32",
] as const;
export type PreparedFile = (typeof PREPARED_FILES)[number];

const READ_BLOCK_BYTES = 1 << 20;

/**
 * Refuses a preparation whose files are not those that it was stored with: 170 MB take about 0.2 s.
 * @param fingerprint SHA-256 over {@link PREPARED_FILES}, in hexadecimal
 * @throws EctopyError `damaged-file`
 */
export function checkFingerprint(folder: string, fingerprint: string): void {
  if (preparedFingerprint(folder) === fingerprint) return;
  throw damaged(`The files of the preparation in ${folder} have changed since they were stored.`);
}

/** Returns the SHA-256 over all files of a preparation, in hexadecimal. @throws EctopyError `damaged-file` */
export function preparedFingerprint(folder: string): string {
  const hash = createHash("sha256");
  const block = new Uint8Array(READ_BLOCK_BYTES);
  for (const name of PREPARED_FILES) {
    const path = join(folder, name);
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

const descriptionSchema = z.object({
  windowLength: z.int().min(1),
  labels: z.array(z.string()).min(1).max(256),
  beats: z.int().min(1),
});

/** @throws EctopyError `damaged-file` where a file is missing or does not fit the others */
export function loadDataset(folder: string): PreparedDataset {
  const description = readDescription(folder);
  const { windowLength: length, beats, labels } = description;
  const read = <T>(name: string, make: (buffer: ArrayBuffer) => T): T => make(readBytes(join(folder, name)));
  const u32 = (buffer: ArrayBuffer): Uint32Array => new Uint32Array(buffer);
  const dataset: PreparedDataset = {
    labels,
    source: {
      length,
      realCount: beats,
      values: read("beats.f32", (buffer) => new Float32Array(buffer)),
      classes: read("classes.u8", (buffer) => new Uint8Array(buffer)),
      recipe: {
        base: read("recipe-base.u32", u32),
        neighbour: read("recipe-neighbour.u32", u32),
        lambda: read("recipe-lambda.f32", (buffer) => new Float32Array(buffer)),
      },
    },
    sets: { train: read("train.u32", u32), validation: read("validation.u32", u32), test: read("test.u32", u32) },
  };
  checkSizes(folder, dataset);
  return dataset;
}

function checkSizes(folder: string, { labels, source, sets: examples }: PreparedDataset): void {
  const rows = source.recipe.base.length;
  const fits =
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

function readDescription(folder: string): z.infer<typeof descriptionSchema> {
  const path = join(folder, "dataset.json");
  try {
    return descriptionSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw damaged(`${path} can't be read.`, cause);
  }
}

function readBytes(path: string): ArrayBuffer {
  const descriptor = openToRead(path);
  try {
    const { size } = fstatSync(descriptor);
    if (size % 4 !== 0 && !path.endsWith(".u8")) throw damaged(`${path} is cut short.`);
    const bytes = new Uint8Array(size);
    for (let done = 0; done < size;) {
      const count = readSync(descriptor, bytes, done, size - done, done);
      if (count === 0) throw damaged(`${path} is cut short.`);
      done += count;
    }
    return bytes.buffer;
  } catch (cause) {
    // A folder can be opened, and a disk can fail while it is read.
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
