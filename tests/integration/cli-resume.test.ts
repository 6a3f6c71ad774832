/** Killed runs are resumed, and end with the same result as without the interruption. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import {
  askEctopy,
  expectRefusal,
  runEctopy,
  startEctopy,
  temporaryFolder,
  type CommandOptions,
} from "../support/command-line.ts";
import { childrenOf, expectEnded, NO_PROCESS_LIST } from "../support/processes.ts";
import { makeMeasuredWorkspace, SAMPLE, UNBALANCED } from "../support/shared-workspaces.ts";

const folder = temporaryFolder();
const options: CommandOptions = { workspace: join(folder.path, "workspace") };
const checkpoints = join(options.workspace, "checkpoints");
afterAll(folder.remove);

beforeEach((ctx) => {
  if (process.platform === "win32") ctx.skip(NO_PROCESS_LIST);
});

/** A training of some seconds: epochs of 40 steps. */
const TRAIN = [
  "train",
  "1",
  "--model",
  "ann",
  "--epochs",
  "60",
  "--steps-per-epoch",
  "40",
  "--checkpoint-every",
  "0.2",
];

const weightsOf = (run: number): Buffer => readFileSync(join(options.workspace, "runs", String(run), "weights.bin"));
const listed = (): string[] => readdirSync(checkpoints).filter((name) => !name.startsWith("."));

let expected: RunDetails["run"];
beforeAll(async () => {
  await makeMeasuredWorkspace(options.workspace, [SAMPLE, UNBALANCED]);
  ({ run: expected } = await askEctopy<RunDetails>(TRAIN, options));
});

/** Starts a training and waits until it stored a checkpoint. */
async function startAndWait(): Promise<{ id: number; pid: number; trainer: number; ended: Promise<unknown> }> {
  const { child, ended, waitForOutput } = startEctopy(TRAIN, options);
  await waitForOutput(/Training, epoch 3/);
  const [trainer] = childrenOf(child.pid!);
  for (let tries = 0; listed().length === 0 && tries < 100; tries++) await setTimeout(50);
  expect(listed().length).toBeGreaterThan(0);
  const { runs } = await askEctopy<{ runs: RunDetails[] }>(["runs"], options);
  return { id: runs.at(-1)!.run.id, pid: child.pid!, trainer, ended };
}

async function expectSameEnd(id: number): Promise<void> {
  const { run } = await askEctopy<RunDetails>(["resume", String(id)], options);
  expect(run).toMatchObject({ id, status: "completed", error: null });
  expect(weightsOf(id)).toEqual(weightsOf(expected.id));
  expect(run.result!.test).toEqual(expected.result!.test);
  const curve = (details: RunDetails["run"]): number[] => details.result!.epochs.map(({ trainLoss }) => trainLoss);
  expect(curve(run)).toEqual(curve(expected));
  // No checkpoint is left.
  expect(listed()).toEqual([]);
}

describe("kill -9", () => {
  it("of all processes: the run is interrupted, is resumed, and ends with the same result", async () => {
    const { id, pid, trainer, ended } = await startAndWait();
    process.kill(pid, "SIGKILL");
    await ended;
    await expectEnded(trainer, 5000);
    // The next writing process marks the run.
    await runEctopy(["prepare", "1", "--balancing", "none"], options);
    const { runs } = await askEctopy<{ runs: RunDetails[] }>(["runs"], options);
    expect(runs.at(-1)!.run).toMatchObject({ id, status: "interrupted", result: null });
    await expectSameEnd(id);
  });

  it("of the training process: the run fails, and can be resumed", async () => {
    const { id, trainer, ended } = await startAndWait();
    process.kill(trainer, "SIGKILL");
    expect(await ended).toMatchObject({ status: 7 });
    await expectSameEnd(id);
  });

  it("with damaged checkpoints: the run starts again from the beginning", async () => {
    const { id, pid, trainer, ended } = await startAndWait();
    process.kill(pid, "SIGKILL");
    await ended;
    await expectEnded(trainer, 5000);
    for (const name of listed()) writeFileSync(join(checkpoints, name, "weights.f32"), "damaged");
    await expectSameEnd(id);
  });
});

describe("resume", () => {
  it("refuses a run that has ended, and one that does not exist", async () => {
    expectRefusal(await runEctopy(["resume", String(expected.id)], options), 5, /is completed and can.t be resumed/);
    expectRefusal(await runEctopy(["resume", "999"], options), 3, /There is no run 999/);
  });

  it("says, and stores with the run, that it continues with other vectors", async () => {
    const { id, pid, trainer, ended } = await startAndWait();
    process.kill(pid, "SIGKILL");
    await ended;
    await expectEnded(trainer, 5000);
    const narrow = { ...options, environment: { ECTOPY_KERNEL_WIDTH: "4" } };
    const resumed = await runEctopy(["resume", String(id)], narrow);
    const message = /Resumed on .+\(baseline\), after steps on .+: results differ in the last digits/;
    expect(resumed).toMatchObject({ status: 0, stderr: expect.stringMatching(message) as string });
    const { run } = await askEctopy<RunDetails>(["show", String(id)], options);
    expect(run.device!.resumedElsewhere).toMatch(message);
    const { default: Database } = await import("better-sqlite3");
    const database = new Database(join(options.workspace, "ectopy.sqlite"), { readonly: true });
    const logged = database.prepare("SELECT message FROM run_log WHERE run_id = ? AND kind = 'warning'").all(id);
    database.close();
    expect(logged).toContainEqual({ message: run.device!.resumedElsewhere });
  });

  it("refuses a run whose preparation has changed", async () => {
    const { id, pid, trainer, ended } = await startAndWait();
    process.kill(pid, "SIGKILL");
    await ended;
    await expectEnded(trainer, 5000);
    // As after an update: the same settings, other beats.
    const { default: Database } = await import("better-sqlite3");
    const database = new Database(join(options.workspace, "ectopy.sqlite"));
    database.prepare("UPDATE preparations SET fingerprint = ?").run("9".repeat(64));
    database.close();
    expectRefusal(
      await runEctopy(["resume", String(id)], options),
      5,
      /preparation has changed since this run was trained on it/,
    );
    rmSync(checkpoints, { recursive: true });
  });
});
