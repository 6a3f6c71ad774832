/** Runs that were killed are taken up again, and end as if nothing had happened. */
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
import { childrenOf, expectGone, NO_PROCESS_LIST } from "../support/processes.ts";

const folder = temporaryFolder();
const options: CommandOptions = { workspace: join(folder.path, "workspace") };
const checkpoints = join(options.workspace, "checkpoints");
afterAll(folder.remove);

beforeEach((ctx) => {
  if (process.platform === "win32") ctx.skip(NO_PROCESS_LIST);
});

/** Some seconds long: epochs of 40 steps. */
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

let wanted: RunDetails["run"];
beforeAll(async () => {
  await askEctopy(["sample"], options);
  await askEctopy(["prepare", "1", "--balancing", "none"], options);
  ({ run: wanted } = await askEctopy<RunDetails>(TRAIN, options));
});

/** Starts a training and waits until a checkpoint of it is on the disk. */
async function startAndWait(): Promise<{ id: number; pid: number; trainer: number; ended: Promise<unknown> }> {
  const { child, ended, saying } = startEctopy(TRAIN, options);
  await saying(/Training, epoch 3/);
  const [trainer] = childrenOf(child.pid!);
  for (let tries = 0; listed().length === 0 && tries < 100; tries++) await setTimeout(50);
  expect(listed().length).toBeGreaterThan(0);
  const { runs } = await askEctopy<{ runs: RunDetails[] }>(["runs"], options);
  return { id: runs.at(-1)!.run.id, pid: child.pid!, trainer, ended };
}

async function expectSameEnd(id: number): Promise<void> {
  const { run } = await askEctopy<RunDetails>(["resume", String(id)], options);
  expect(run).toMatchObject({ id, status: "completed", error: null });
  expect(weightsOf(id)).toEqual(weightsOf(wanted.id));
  expect(run.result!.test).toEqual(wanted.result!.test);
  const curve = (details: RunDetails["run"]): number[] => details.result!.epochs.map(({ trainLoss }) => trainLoss);
  expect(curve(run)).toEqual(curve(wanted));
  // There is nothing to go on from any more.
  expect(listed()).toEqual([]);
}

describe("kill -9", () => {
  it("of the whole: the run shows as interrupted, is taken up, and ends as if nothing had happened", async () => {
    const { id, pid, trainer, ended } = await startAndWait();
    process.kill(pid, "SIGKILL");
    await ended;
    await expectGone(trainer, 5000);
    // The next to write finds out.
    await runEctopy(["prepare", "1", "--balancing", "none"], options);
    const { runs } = await askEctopy<{ runs: RunDetails[] }>(["runs"], options);
    expect(runs.at(-1)!.run).toMatchObject({ id, status: "interrupted", result: null });
    await expectSameEnd(id);
  });

  it("of the training process alone: the run has failed, and is taken up", async () => {
    const { id, trainer, ended } = await startAndWait();
    process.kill(trainer, "SIGKILL");
    expect(await ended).toMatchObject({ status: 7 });
    await expectSameEnd(id);
  });

  it("and a damaged checkpoint: the one before it is taken; with none left, the run begins anew", async () => {
    const { id, pid, trainer, ended } = await startAndWait();
    process.kill(pid, "SIGKILL");
    await ended;
    await expectGone(trainer, 5000);
    for (const name of listed()) writeFileSync(join(checkpoints, name, "weights.f32"), "damaged");
    await expectSameEnd(id);
  });
});

describe("resume", () => {
  it("refuses a run that has ended, and one that is not there", async () => {
    expectRefusal(
      await runEctopy(["resume", String(wanted.id)], options),
      5,
      /is completed: there is nothing to take up/,
    );
    expectRefusal(await runEctopy(["resume", "999"], options), 3, /There is no run 999/);
  });

  it("refuses where the preparation has become another", async () => {
    const { id, pid, trainer, ended } = await startAndWait();
    process.kill(pid, "SIGKILL");
    await ended;
    await expectGone(trainer, 5000);
    // What a newer version would do: the same settings, other beats.
    const { default: Database } = await import("better-sqlite3");
    const database = new Database(join(options.workspace, "ectopy.sqlite"));
    database.prepare("UPDATE preparations SET fingerprint = ?").run("9".repeat(64));
    database.close();
    expectRefusal(
      await runEctopy(["resume", String(id)], options),
      5,
      /no longer the one that this run was trained on/,
    );
    rmSync(checkpoints, { recursive: true });
  });
});
