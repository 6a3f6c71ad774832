/** A full disk, and missing rights to write: one sentence reports each, and earlier data is kept. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import {
  askEctopy,
  askTogether,
  expectRefusal,
  runEctopy,
  startEctopy,
  temporaryFolder,
  type CommandOptions,
} from "../support/command-line.ts";
import { mountSmallDisk, NO_PRIVATE_MOUNT, type SmallDisk } from "../support/private-mount.ts";
import { makeMeasuredWorkspace, SAMPLE, UNBALANCED } from "../support/shared-workspaces.ts";

const folder = temporaryFolder();
let disk: SmallDisk | undefined;
let options: CommandOptions;

/** A disk with the sample, one small preparation of it, and little free space. */
beforeAll(async () => {
  disk = await mountSmallDisk(folder.path, 24);
  if (!disk) return;
  options = { workspace: join(folder.path, "workspace"), within: disk.within };
  const outside = temporaryFolder();
  await makeMeasuredWorkspace(join(outside.path, "workspace"), [SAMPLE, UNBALANCED]);
  disk.shell(`cp -R '${outside.path}/workspace' "$0/workspace"`);
  outside.remove();
});
afterAll(async () => {
  await disk?.close();
  folder.remove();
});

/** Fills the disk, except for the given number of KiB. */
function fill(small: SmallDisk, leaveKibibytes: number): void {
  const free = Number(small.shell(`df -k --output=avail "$0" | tail -1`).trim());
  small.shell(`head -c ${(free - leaveKibibytes) * 1024} /dev/zero > "$0/ballast"`);
}

function empty(small: SmallDisk): void {
  small.shell(`rm -f "$0/ballast"`);
}

interface State {
  datasets: unknown[];
  preparations: unknown[];
  runs: RunDetails[];
}

async function state(): Promise<State> {
  const lists = await askTogether([["datasets"], ["preparations"], ["runs"]], options);
  return Object.assign({}, ...(lists as object[])) as State;
}

describe("a full disk", () => {
  it.for([
    { what: "the copy of recordings", args: ["sample", "--seed", "2"], leave: 1500 },
    { what: "a preparation", args: ["prepare", "1", "--seed", "2"], leave: 1500 },
    { what: "the copy of recordings, to the last byte", args: ["sample", "--seed", "2"], leave: 0 },
    { what: "a preparation, to the last byte", args: ["prepare", "1", "--seed", "2"], leave: 0 },
    { what: "a run, to the last byte", args: ["train", "1", "--model", "ann", "--epochs", "1"], leave: 0 },
  ])("has no space for $what: no data is lost, and nothing is stored in part", async ({ args, leave }, ctx) => {
    if (!disk) return ctx.skip(NO_PRIVATE_MOUNT);
    const before = await state();
    disk.shell(`rm -f "$0/workspace/ectopy.sqlite-wal" "$0/workspace/ectopy.sqlite-shm"`);
    fill(disk, leave);
    try {
      expectRefusal(await runEctopy(args, options), 6, /No space is left to write .*workspace/);
      expect(await state()).toEqual(before);
    } finally {
      empty(disk);
    }
    expect(await state()).toEqual(before);
    expect(disk.shell(`ls -A "$0/workspace/datasets" "$0/workspace/preparations"`)).not.toContain("incoming");
  });

  it("has no space for a trained model: the run fails with the reason", async (ctx) => {
    if (!disk) return ctx.skip(NO_PRIVATE_MOUNT);
    const before = await state();
    const network = join(folder.path, "wide.json");
    const layers = [{ id: "wide", kind: "dense", units: 4096, activation: "relu" }];
    disk.shell(`echo '${JSON.stringify({ name: "Wide", layers })}' > "$0/wide.json"`);
    const train = ["train", "1", "--model", network, "--epochs", "1", "--steps-per-epoch", "3"];
    // Enough for the run, its log and backups of the database, and less than the weights.
    fill(disk, 2000);
    try {
      const { status, stdout } = await runEctopy([...train, "--json"], options);
      expect(status).toBe(6);
      expect(JSON.parse(stdout)).toMatchObject({
        error: {
          code: "disk-full",
          message: expect.stringContaining("No space is left to write the trained model in") as string,
        },
      });
    } finally {
      empty(disk);
    }
    const after = await state();
    expect(after.datasets).toEqual(before.datasets);
    const run = after.runs.at(-1)!.run;
    expect(run).toMatchObject({ status: "failed", error: { code: "disk-full" }, result: null });
    expect(disk.shell(`ls -A "$0/workspace/runs"`)).not.toContain(String(run.id));
  });

  it("pauses a training when it fills up, and the training continues when there is space", async (ctx) => {
    if (!disk) return ctx.skip(NO_PRIVATE_MOUNT);
    const train = ["train", "1", "--model", "ann", "--epochs", "150", "--steps-per-epoch", "3", "--patience", "0"];
    const running = startEctopy([...train, "--checkpoint-every", "1", "--json"], options);
    await running.waitForOutput(/Training, epoch 2/);
    try {
      // The training writes at the same time: all remaining space is filled.
      disk.shell(`cat /dev/zero > "$0/ballast" 2> /dev/null || true`);
      await running.waitForOutput(
        /No space is left to write .*The training is paused\. It continues when there is free space/,
      );
    } finally {
      empty(disk);
    }
    const { status, stdout, stderr } = await running.ended;
    expect(status, stderr).toBe(0);
    expect(stderr).toContain("The training continues.");
    const { run } = JSON.parse(stdout) as RunDetails;
    expect(run.status).toBe("completed");
    // No message from the time of the pause is missing.
    expect(run.result!.epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 150 }, (_, i) => i + 1));
  }, 90_000);

  it("no longer prevents a training once there is free space", async (ctx) => {
    if (!disk) return ctx.skip(NO_PRIVATE_MOUNT);
    const train = ["train", "1", "--model", "ann", "--epochs", "1", "--steps-per-epoch", "3"];
    const { run } = await askEctopy<RunDetails>(train, options);
    expect(run.status).toBe("completed");
  });
});

describe("a workspace that can't be written", () => {
  it.for([
    ["sample", "--seed", "3"],
    ["prepare", "1", "--seed", "3"],
    ["train", "1", "--model", "ann"],
  ])("refuses ectopy %s, and no data is lost", async (args, ctx) => {
    if (!disk) return ctx.skip(NO_PRIVATE_MOUNT);
    const before = await state();
    // A reader leaves empty files of WAL mode, which would let the next reader in: a copied USB stick has none.
    disk.shell(`rm -f "$0/workspace/ectopy.sqlite-wal" "$0/workspace/ectopy.sqlite-shm"`);
    disk.shell(`mount -o remount,ro "$0"`);
    try {
      expectRefusal(await runEctopy(args, options), 6, /The system does not allow access to .*workspace \(EROFS\)\./);
      expect(await state()).toEqual(before);
    } finally {
      disk.shell(`mount -o remount,rw "$0"`);
    }
    expect(await state()).toEqual(before);
  });

  it("cannot be created", async (ctx) => {
    if (!disk) return ctx.skip(NO_PRIVATE_MOUNT);
    disk.shell(`mount -o remount,ro "$0"`);
    try {
      const elsewhere = { ...options, workspace: join(folder.path, "new", "workspace") };
      expectRefusal(await runEctopy(["sample"], elsewhere), 6, /The system does not allow access to .*new/);
    } finally {
      disk.shell(`mount -o remount,rw "$0"`);
    }
  });
});

it("leaves no file outside the small disk", () => {
  if (disk) expect(readdirSync(folder.path)).toEqual([]);
});
