/**
 * A checkpoint on the disk: a training's state between two steps.
 *
 *   state.json      epochs, what the epoch that has begun has seen, best epoch, plateau, fingerprint of the data, lengths
 *   weights.f32     all weights, one after the other
 *   slots.f32       what the optimizer remembers of each
 *   best.f32        the best epoch's weights; empty before there is one
 *
 * Whether it is whole is told by one SHA-256 over all files, kept apart from them (in the database).
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
  /** SHA-256 of the prepared files that are trained on. */
  dataFingerprint: string;
  lengths: { weights: number[]; slots: number[] };
}

/**
 * @param folder exists and is empty
 * @param dataFingerprint of the preparation
 * @returns SHA-256 of what was written
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
    // JSON knows no Infinity, which is a plateau's loss before the first epoch.
    "state.json": Buffer.from(JSON.stringify(description, (_, value: unknown) => (value === Infinity ? "∞" : value))),
    "weights.f32": joined(weights),
    "slots.f32": joined(optimizer.slots),
    "best.f32": joined(best?.weights ?? []),
  };
  for (const name of FILES) writeFileSync(join(folder, name), contents[name]);
  return hashOf(FILES.map((name) => contents[name]));
}

/** Whether all that was written is there, unchanged. */
export function isSound(folder: string, sha256: string): boolean {
  try {
    return hashOf(FILES.map((name) => readFileSync(join(folder, name)))) === sha256;
  } catch {
    return false;
  }
}

/**
 * @param dataFingerprint of the preparation as it is now
 * @throws EctopyError `damaged-file`; `invalid-settings` where the preparation is not the one it was trained on
 */
export function readCheckpoint(folder: string, sha256: string, dataFingerprint: string): TrainingState {
  if (!isSound(folder, sha256)) {
    throw new EctopyError(
      "damaged-file",
      `The checkpoint in ${folder} is damaged.`,
      "Train it again from the beginning.",
    );
  }
  const text = readFileSync(join(folder, "state.json"), "utf8");
  // Its hash says that it is what `writeCheckpoint` wrote.
  const description = JSON.parse(text, (_, value: unknown) => (value === "∞" ? Infinity : value)) as Description;
  const { steps, best, lengths, dataFingerprint: trainedOn, ...rest } = description;
  if (trainedOn !== dataFingerprint) {
    throw new EctopyError(
      "invalid-settings",
      "The preparation is no longer the one that this run was trained on.",
      "Train again from the beginning.",
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
  // A copy, so that it begins where a float may begin.
  const values = new Float32Array(new Uint8Array(bytes).buffer);
  let from = 0;
  return lengths.map((length) => values.slice(from, (from += length)));
}

function hashOf(contents: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const content of contents) {
    // With its length, so that nothing can move from one file to the next unnoticed.
    hash.update(`${content.byteLength}\n`);
    hash.update(content);
  }
  return hash.digest("hex");
}
