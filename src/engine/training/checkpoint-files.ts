/**
 * A checkpoint's folder: the state of a training between two steps.
 *
 *   state.json      finished epochs, sums of the current epoch, best epoch, plateau, fingerprint of the data, array lengths
 *   weights.f32     all weights, one after the other
 *   slots.f32       the optimizer's slots of each weight
 *   best.f32        the best epoch's weights; empty before the first epoch has ended
 *
 * One SHA-256 over all files, stored in the database, shows whether the checkpoint is intact.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { TrainingState } from "./training-state.ts";

const FILES = ["state.json", "weights.f32", "slots.f32", "best.f32"] as const;

/** The state without its arrays. */
interface Description extends Omit<TrainingState, "weights" | "optimizer" | "best"> {
  steps: number;
  best: Omit<NonNullable<TrainingState["best"]>, "weights"> | null;
  /** Fingerprint of the preparation, in hexadecimal. */
  dataFingerprint: string;
  lengths: { weights: number[]; slots: number[] };
}

/**
 * Writes a checkpoint.
 * @param folder exists and is empty
 * @param dataFingerprint fingerprint of the preparation
 * @returns SHA-256 over the written files
 */
export function writeCheckpoint(folder: string, state: TrainingState, dataFingerprint: string): string {
  const { weights, optimizer, best, ...rest } = state;
  const description: Description = {
    ...rest,
    steps: optimizer.steps,
    best: best && { epoch: best.epoch, validation: best.validation },
    dataFingerprint,
    lengths: { weights: weights.map(({ length }) => length), slots: optimizer.slots.map(({ length }) => length) },
  };
  const contents: Record<(typeof FILES)[number], Uint8Array> = {
    // JSON has no Infinity, which is the plateau's best loss before the first epoch.
    "state.json": Buffer.from(JSON.stringify(description, (_, value: unknown) => (value === Infinity ? "∞" : value))),
    "weights.f32": joined(weights),
    "slots.f32": joined(optimizer.slots),
    "best.f32": joined(best?.weights ?? []),
  };
  for (const name of FILES) writeFileSync(join(folder, name), contents[name]);
  return hashOf(FILES.map((name) => contents[name]));
}

/** Returns whether all files of a checkpoint exist and are unchanged. */
export function isSound(folder: string, sha256: string): boolean {
  try {
    return hashOf(FILES.map((name) => readFileSync(join(folder, name)))) === sha256;
  } catch {
    return false;
  }
}

/**
 * Reads a checkpoint.
 * @param dataFingerprint present fingerprint of the preparation
 * @throws EctopyError `damaged-file`; `invalid-settings` where the checkpoint belongs to other data
 */
export function readCheckpoint(folder: string, sha256: string, dataFingerprint: string): TrainingState {
  if (!isSound(folder, sha256)) {
    throw new EctopyError("damaged-file", `The checkpoint in ${folder} is damaged.`, "Start the training again.");
  }
  const text = readFileSync(join(folder, "state.json"), "utf8");
  // Not parsed by a schema: its hash shows that `writeCheckpoint` wrote it.
  const description = JSON.parse(text, (_, value: unknown) => (value === "∞" ? Infinity : value)) as Description;
  const { steps, best, lengths, dataFingerprint: trainedOn, ...rest } = description;
  if (trainedOn !== dataFingerprint) {
    throw new EctopyError(
      "invalid-settings",
      "The preparation has changed since this run was trained on it.",
      "Start the training again.",
    );
  }
  const read = (name: string, sizes: number[]): Float32Array[] => split(readFileSync(join(folder, name)), sizes);
  return {
    ...rest,
    weights: read("weights.f32", lengths.weights),
    optimizer: { steps, slots: read("slots.f32", lengths.slots) },
    best: best && { ...best, weights: read("best.f32", lengths.weights) },
  };
}

function joined(arrays: readonly Float32Array[]): Uint8Array {
  return Buffer.concat(arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)));
}

function split(bytes: Uint8Array, lengths: readonly number[]): Float32Array[] {
  // Copied, so that the values are aligned to 4 bytes.
  const values = new Float32Array(new Uint8Array(bytes).buffer);
  let from = 0;
  return lengths.map((length) => values.slice(from, (from += length)));
}

function hashOf(contents: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const content of contents) {
    // The length is hashed too: bytes that move from one file to the next change the hash.
    hash.update(`${content.byteLength}\n`);
    hash.update(content);
  }
  return hash.digest("hex");
}
