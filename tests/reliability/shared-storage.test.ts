/**
 * A workspace on a network file system: safe without shared memory, and for one machine at a time. No server is needed:
 * the variable `ECTOPY_STORAGE` marks the folder as a network folder, and an owner file plays the other machine.
 */
import Database from "better-sqlite3";
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import {
  askEctopy,
  expectRefusal,
  runEctopy,
  startEctopy,
  temporaryFolder,
  type CommandOptions,
} from "../support/command-line.ts";
import { mountSmallDisk, NO_PRIVATE_MOUNT } from "../support/private-mount.ts";

const folder = temporaryFolder();
const options: CommandOptions = { workspace: join(folder.path, "workspace") };
const database = join(options.workspace, "ectopy.sqlite");
const owner = join(options.workspace, "workspace.owner");
/** File format version 2 means WAL mode (sqlite.org/fileformat.html, 1.3.3). */
const formatOf = (path: string): number[] => [...readFileSync(path).subarray(18, 20)];
const walFiles = (): string[] => readdirSync(options.workspace).filter((name) => /sqlite-(wal|shm)$/.test(name));

beforeAll(async () => {
  process.env["ECTOPY_STORAGE"] = "network";
  const { status, stderr } = await runEctopy(["sample"], options);
  expect(status, stderr).toBe(0);
  expect(stderr).toMatch(
    /is on a network file system .*: .* only one machine at a time can use the workspace\. To move it:/,
  );
  await askEctopy(["prepare", "1", "--balancing", "none"], options);
});
afterAll(() => {
  delete process.env["ECTOPY_STORAGE"];
  folder.remove();
});

// A given number of threads is not measured before the training.
const train = (epochs: number): string[] => [
  "train",
  "1",
  "--model",
  "ann",
  "--epochs",
  String(epochs),
  "--steps-per-epoch",
  "10",
  "--checkpoint-every",
  "1",
  "--threads",
  "1",
];
/** Returns the run that was started last. */
async function lastRun(): Promise<string> {
  const { runs } = await askEctopy<{ runs: RunDetails[] }>(["runs"], options);
  return String(Math.max(...runs.map(({ run }) => run.id)));
}

describe("a workspace on a network file system", () => {
  it("has no write-ahead log, and no owner file after closing", () => {
    expect(formatOf(database)).toEqual([1, 1]);
    expect(walFiles()).toEqual([]);
    expect(existsSync(owner)).toBe(false);
  });

  it("names its owner, and can be read during a training", async () => {
    const running = startEctopy(train(100_000), options);
    await running.waitForOutput(/Training, epoch 2/);
    expect(await lastRun()).toBe("1");
    expect(JSON.parse(readFileSync(owner, "utf8"))).toMatchObject({ pid: running.child.pid });
    expectRefusal(await runEctopy(["sample"], options), 6, /in use by another Ectopy \(process \d+\)/);
    running.child.kill("SIGKILL");
    await running.ended;
  });

  it.each([/Training, epoch 2/, /Training, epoch 9/])(
    "keeps every run consistent when its process is killed at %s, and resumes it",
    async (moment) => {
      const running = startEctopy(train(100), options);
      await running.waitForOutput(moment);
      running.child.kill("SIGKILL");
      await running.ended;

      const id = await lastRun();
      const { status, stderr } = await runEctopy(["resume", id], options);
      expect(status, stderr).toBe(0);
      const { run } = await askEctopy<RunDetails>(["show", id], options);
      expect(run.status).toBe("completed");
      const opened = new Database(database, { readonly: true });
      expect(opened.pragma("integrity_check", { simple: true })).toBe("ok");
      opened.close();
      expect(walFiles()).toEqual([]);
    },
  );

  it("is read-only for a second machine while the first renews its ownership", async () => {
    writeFileSync(owner, JSON.stringify({ pid: 4711, host: "node17", boot: "another" }));
    expectRefusal(await runEctopy(["sample"], options), 6, /in use by Ectopy on node17 \(process 4711\)/);
    await askEctopy(["datasets"], options);
    expect(JSON.parse(readFileSync(owner, "utf8"))).toMatchObject({ host: "node17" });
  });

  it("is opened, with a notice, after the other machine was silent for some minutes", async () => {
    const before = new Date(Date.now() - 10 * 60_000);
    utimesSync(owner, before, before);
    const { status, stderr } = await runEctopy(["sample"], options);
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(
      /Ectopy on node17 \(process 4711\) did not close the workspace .*; its last sign was 10 min ago/,
    );
    expect(existsSync(owner)).toBe(false);
  });

  it("switches to a write-ahead log on a local disk, and back", async () => {
    process.env["ECTOPY_STORAGE"] = "local";
    try {
      const { stderr } = await runEctopy(["sample"], options);
      expect(stderr).not.toMatch(/network/);
      expect(formatOf(database)).toEqual([2, 2]);
    } finally {
      process.env["ECTOPY_STORAGE"] = "network";
    }
    expect((await runEctopy(["sample"], options)).status).toBe(0);
    expect(formatOf(database)).toEqual([1, 1]);
    expect(walFiles()).toEqual([]);
  });

  it("works on a separate mount", async (ctx) => {
    const mounted = temporaryFolder();
    const disk = await mountSmallDisk(mounted.path, 64);
    if (!disk) return ctx.skip(NO_PRIVATE_MOUNT);
    try {
      const there: CommandOptions = { workspace: join(mounted.path, "workspace"), within: disk.within };
      await askEctopy(["sample"], there);
      await askEctopy(["prepare", "1", "--balancing", "none"], there);
      const short = ["train", "1", "--model", "ann", "--epochs", "1", "--steps-per-epoch", "3", "--threads", "1"];
      expect((await askEctopy<RunDetails>(short, there)).run.status).toBe("completed");
      expect(disk.shell(`ls "$0/workspace"`)).not.toMatch(/-(wal|shm)/);
      expect(disk.shell(`find "$0/workspace" -perm /077`)).toBe("");
    } finally {
      await disk.close();
      mounted.remove();
    }
  });
});
