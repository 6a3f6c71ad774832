/** Writes a prepared dataset as the files that the engine reads (src/engine/dataset-files.ts says which). */
import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { PreparedBeats } from "./prepare-beats.ts";

/** @returns SHA-256 over all files, in hexadecimal */
export function writeDataset(folder: string, { table, values, length, examples }: PreparedBeats): string {
  const hash = createHash("sha256");
  const write = (name: string, array: ArrayBufferView): void =>
    writeBytes(join(folder, name), new Uint8Array(array.buffer, array.byteOffset, array.byteLength), hash);
  const { recipe, parts, classes, realCount } = examples;
  const description = { windowLength: length, labels: table.labels, records: table.records, beats: realCount };
  write("dataset.json", Buffer.from(`${JSON.stringify(description, null, 2)}\n`));
  write("beats.f32", values);
  write("classes.u8", classes);
  write("beat-record.u32", table.record);
  write("beat-sample.u32", table.sample);
  write("recipe-base.u32", recipe.base);
  write("recipe-neighbour.u32", recipe.neighbour);
  write("recipe-lambda.f32", recipe.lambda);
  write("train.u32", parts.train);
  write("validation.u32", parts.validation);
  write("test.u32", parts.test);
  return hash.digest("hex");
}

/** All of it or an error: a short write is gone on with, none is taken for the whole. */
function writeBytes(path: string, bytes: Uint8Array, hash: Hash): void {
  const descriptor = openSync(path, "wx");
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
  } finally {
    closeSync(descriptor);
  }
  hash.update(bytes);
}
