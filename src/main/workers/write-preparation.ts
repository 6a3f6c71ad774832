/** Writes a preparation's folder (src/pipeline/beats/preparation-format.ts). */
import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { PreparationDescription } from "../../contract/domain/preparation.ts";
import {
  DESCRIPTION_FILE,
  preparationArrayFiles,
  type PreparationArrays,
} from "../../pipeline/beats/preparation-format.ts";
import type { BeatTable } from "../../pipeline/beats/beat-table.ts";
import { sha256, type StoredFile } from "../store/manifest.ts";
import type { PreparedBeats } from "./prepare-beats.ts";

/** Beats as they are written. */
export interface BeatsToWrite extends Pick<PreparedBeats, "values" | "length" | "inputs" | "examples"> {
  table: Pick<BeatTable, "labels" | "records" | "record" | "sample">;
}

export interface WrittenPreparation {
  /** SHA-256 over all files, in hexadecimal. */
  fingerprint: string;
  files: StoredFile[];
}

/**
 * Writes the files of a preparation into an empty folder.
 * @throws EctopyError `invalid-settings` where it has sequences and synthetic beats
 */
export function writePreparation(
  folder: string,
  { table, values, length, examples, inputs = {} }: BeatsToWrite,
): WrittenPreparation {
  const { recipe, sets, classes, realCount } = examples;
  const { featureValues, weights, ...offered } = inputs;
  if (offered.sequence !== undefined && recipe.base.length > 0) throw sequenceOfSynthetic();
  const description: PreparationDescription = {
    windowLength: length,
    labels: table.labels,
    records: table.records,
    beats: realCount,
    ...offered,
    ...(weights === undefined ? {} : { weighted: true }),
  };
  const arrays: PreparationArrays = {
    "beats.f32": values,
    "classes.u8": classes,
    "beat-record.u32": table.record,
    "beat-sample.u32": table.sample,
    "recipe-base.u32": recipe.base,
    "recipe-neighbour.u32": recipe.neighbour,
    "recipe-lambda.f32": recipe.lambda,
    "train.u32": sets.train,
    "validation.u32": sets.validation,
    "test.u32": sets.test,
    "features.f32": featureValues,
    "weights.f32": weights,
  };
  const contents: [string, ArrayBufferView][] = [
    [DESCRIPTION_FILE, Buffer.from(`${JSON.stringify(description, null, 2)}\n`)],
    ...preparationArrayFiles((file) => arrays[file] !== undefined).map((file): [string, ArrayBufferView] => [
      file,
      arrays[file]!,
    ]),
  ];
  const fingerprint = createHash("sha256");
  const files = contents.map(([name, { buffer, byteOffset, byteLength }]) => {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    writeBytes(join(folder, name), bytes);
    fingerprint.update(bytes);
    return { name, bytes: byteLength, sha256: sha256(bytes) };
  });
  return { fingerprint: fingerprint.digest("hex"), files };
}

function sequenceOfSynthetic(): EctopyError {
  return new EctopyError(
    "invalid-settings",
    "Sequences of beats can't be balanced by SMOTE: a synthetic beat has no neighbours in a recording.",
    "Turn balancing off (--balancing none), and weight the classes in the training loss instead.",
  );
}

/** Writes all bytes or throws: a short write is continued. */
function writeBytes(path: string, bytes: Uint8Array): void {
  const descriptor = openSync(path, "wx", 0o600);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
  } finally {
    closeSync(descriptor);
  }
}
