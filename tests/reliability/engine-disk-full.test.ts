/** A training process that can't write its results: the run fails with disk-full, not as a bug. */
import { fork } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TrainingCommand, TrainingEvent } from "../../src/engine/processes/training-messages.ts";
import { tinyPreparation, tinySettings, writeTinyPreparation } from "../support/tiny-training.ts";

/** Linux fails every write to it with ENOSPC, like a full disk. */
const FULL = "/dev/full";

let folder: string;
let dataFingerprint: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-full-"));
  mkdirSync(join(folder, "dataset"));
  dataFingerprint = writeTinyPreparation(join(folder, "dataset"), tinyPreparation());
});
afterAll(() => rmSync(folder, { recursive: true }));

it.for(["weights.bin", "model.json", "test-probabilities.f32"])("no space for %s", async (name, ctx) => {
  if (!existsSync(FULL)) ctx.skip(`${FULL} exists on Linux only`);
  const outputFolder = join(folder, `output-${name}`);
  mkdirSync(outputFolder);
  symlinkSync(FULL, join(outputFolder, name));

  const last = await lastEvent({
    type: "start",
    job: {
      settings: tinySettings("ann", { epochs: 1 }),
      preparation: 1,
      preparationFolder: join(folder, "dataset"),
      outputFolder,
      dataFingerprint,
      version: "test",
      checkpoint: null,
      imported: null,
      initial: null,
      adapter: null,
    },
  });
  expect(last).toMatchObject({ type: "failed", error: { code: "disk-full" } });
  expect(last.type === "failed" && last.error.message).toContain(outputFolder);
});

function lastEvent(start: TrainingCommand): Promise<TrainingEvent> {
  return new Promise((resolve, reject) => {
    const entry = fileURLToPath(new URL("../../src/engine/processes/training-process.ts", import.meta.url));
    const child = fork(entry, [], { serialization: "advanced", stdio: ["ignore", "ignore", "ignore", "ipc"] });
    let last: TrainingEvent | undefined;
    child.on("message", (event: TrainingEvent) => (last = event));
    child.on("error", reject);
    child.on("close", () => (last ? resolve(last) : reject(new Error("The process said nothing."))));
    child.send(start);
  });
}
