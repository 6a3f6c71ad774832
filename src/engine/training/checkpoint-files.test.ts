import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isSound, readCheckpoint, writeCheckpoint } from "./checkpoint-files.ts";
import { beginning, type TrainingState } from "./training-state.ts";

const FINGERPRINT = "0".repeat(64);
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "ectopy-checkpoint-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const state: TrainingState = {
  ...beginning(),
  within: { step: 3, beats: 48, lossSum: 12.5, correct: 40, seconds: 1.5 },
  best: {
    epoch: 1,
    validation: { loss: 0.5, accuracy: 1, macroF1: 1, weightedF1: 1, perClass: [], confusion: [] },
    weights: [Float32Array.of(7, 8, 9), Float32Array.of(-0)],
  },
  weights: [Float32Array.of(1, Math.fround(0.1), 3), Float32Array.of(1e-45)],
  optimizer: { steps: 11, slots: [Float32Array.of(4, 5, 6), new Float32Array(0), Float32Array.of(NaN)] },
  seconds: 20.25,
};

describe("a checkpoint", () => {
  it("restores the state bit for bit, with denormals, −0 and an infinite loss", () => {
    expect(readCheckpoint(folder, writeCheckpoint(folder, state, FINGERPRINT), FINGERPRINT)).toEqual(state);
  });

  it("can be written before the first best epoch", () => {
    const early = { ...state, best: null };
    expect(readCheckpoint(folder, writeCheckpoint(folder, early, FINGERPRINT), FINGERPRINT)).toEqual(early);
  });

  it.each(["state.json", "weights.f32", "slots.f32", "best.f32"])("is damaged by one changed byte of %s", (name) => {
    const sha256 = writeCheckpoint(folder, state, FINGERPRINT);
    expect(isSound(folder, sha256)).toBe(true);
    const bytes = readFileSync(join(folder, name));
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(join(folder, name), bytes);
    expect(isSound(folder, sha256)).toBe(false);
    expect(() => readCheckpoint(folder, sha256, FINGERPRINT)).toThrow(/is damaged/);
    truncateSync(join(folder, name), 0);
    expect(isSound(folder, sha256)).toBe(false);
    rmSync(join(folder, name));
    expect(isSound(folder, sha256)).toBe(false);
  });

  it("is refused for other data", () => {
    const sha256 = writeCheckpoint(folder, state, FINGERPRINT);
    expect(() => readCheckpoint(folder, sha256, "1".repeat(64))).toThrow(/preparation has changed/);
  });
});
