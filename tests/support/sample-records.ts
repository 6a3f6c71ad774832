/** Sample recordings as files, for tests that damage them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SEED } from "../../src/contract/settings/defaults.ts";
import { generateSample, samplePatients } from "../../src/pipeline/recordings/sample/generate-sample.ts";

const samples = new Map<string, Map<string, Uint8Array>>();

/** Makes a folder and writes into it the `.hea`, `.dat` and `.atr` of sample patients, such as `s01`. */
export function writeSampleRecords(folder: string, names: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    for (const [file, bytes] of sampleFiles(name)) writeFileSync(join(folder, file), bytes);
  }
}

/** Returns the files of one sample patient, by file name. */
export function sampleFiles(name: string): Map<string, Uint8Array> {
  const cached = samples.get(name);
  if (cached) return cached;
  const patient = samplePatients(DEFAULT_SEED).find((one) => one.name === name);
  if (!patient) throw new Error(`There is no sample patient ${name}.`);
  const { files } = generateSample(patient, DEFAULT_SEED);
  samples.set(name, files);
  return files;
}
