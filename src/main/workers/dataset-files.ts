/** Writes a preparation as the files that the engine reads (src/engine/training/dataset-files.ts says which). */
import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { PREPARED_FILES, type PreparedFile } from "../../engine/training/dataset-files.ts";
import { sha256, type StoredFile } from "../store/manifest.ts";
import type { PreparedBeats } from "./prepare-beats.ts";

export interface WrittenPreparation {
  /** SHA-256 over all files, in hexadecimal. */
  fingerprint: string;
  files: StoredFile[];
}

export function writeDataset(folder: string, { table, values, length, examples }: PreparedBeats): WrittenPreparation {
  const { recipe, sets, classes, realCount } = examples;
  const description = { windowLength: length, labels: table.labels, records: table.records, beats: realCount };
  const contents: Record<PreparedFile, ArrayBufferView> = {
    "dataset.json": Buffer.from(`${JSON.stringify(description, null, 2)}\n`),
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
  };
  const together = createHash("sha256");
  const files = PREPARED_FILES.map((name) => {
    const { buffer, byteOffset, byteLength } = contents[name];
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    writeBytes(join(folder, name), bytes);
    together.update(bytes);
    return { name, bytes: byteLength, sha256: sha256(bytes) };
  });
  return { fingerprint: together.digest("hex"), files };
}

/** Writes all of it or throws: a short write is continued, none is taken for the whole. */
function writeBytes(path: string, bytes: Uint8Array): void {
  const descriptor = openSync(path, "wx", 0o600);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
  } finally {
    closeSync(descriptor);
  }
}
