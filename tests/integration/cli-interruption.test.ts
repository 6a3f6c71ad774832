/** Two processes at once, Ctrl-C, and killed processes: the end of each run is known, and other data is not changed. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import {
  askEctopy,
  expectRefusal,
  runEctopy,
  startEctopy,
  temporaryFolder,
  type CommandOptions,
  type Running,
} from "../support/command-line.ts";
import { childrenOf, expectEnded, isRunning, NO_PROCESS_LIST } from "../support/processes.ts";
import { makeMeasuredWorkspace, SAMPLE, UNBALANCED } from "../support/shared-workspaces.ts";

const folder = temporaryFolder();
const options: CommandOptions = { workspace: join(folder.path, "workspace") };
afterAll(folder.remove);

beforeEach((ctx) => {
  if (process.platform === "win32") ctx.skip(NO_PROCESS_LIST);
});

beforeAll(async () => {
  await makeMeasuredWorkspace(options.workspace, [SAMPLE, UNBALANCED]);
});

/** A training with more epochs than any test waits for. */
const ENDLESS_TRAINING = ["train", "1", "--model", "ann", "--epochs", "100000", "--steps-per-epoch", "5"];

interface Training extends Running {
  /** Process of the command line. */
  pid: number;
  /** The training process. */
  trainer: number;
}

/** Starts a training and waits until one epoch ended. */
async function startTraining(
  args: readonly string[] = ENDLESS_TRAINING,
  until = /Training, epoch 2/,
): Promise<Training> {
  const running = startEctopy(args, options);
  await running.waitForOutput(until);
  const pid = running.child.pid!;
  const [trainer, ...others] = childrenOf(pid);
  expect(trainer).toBeDefined();
  expect(others).toEqual([]);
  return { ...running, pid, trainer };
}

async function lastRun(): Promise<RunDetails["run"]> {
  const { runs } = await askEctopy<{ runs: RunDetails[] }>(["runs"], options);
  return runs.at(-1)!.run;
}

/** Expects that the next run trains as usual. */
async function expectUsableWorkspace(): Promise<void> {
  const { datasets } = await askEctopy<{ datasets: unknown[] }>(["datasets"], options);
  expect(datasets).toHaveLength(1);
  const { run } = await askEctopy<RunDetails>([...ENDLESS_TRAINING, "--epochs", "1"], options);
  expect(run.status).toBe("completed");
}

describe("while one process owns the workspace", () => {
  let training: Training;
  beforeAll(async () => {
    training = await startTraining();
  });
  afterAll(async () => {
    training.child.kill("SIGINT");
    await training.ended;
  });

  it.each([[["sample", "--seed", "2"]], [["import", folder.path]], [["prepare", "1"]], [ENDLESS_TRAINING]])(
    "another writing process is refused, with the owner's process id: ectopy %s",
    async (args) => {
      const busy = new RegExp(`The workspace .* is in use by another Ectopy \\(process ${training.pid}\\)\\.`);
      expectRefusal(await runEctopy(args, options), 6, busy);
    },
  );

  it("other processes can read", async () => {
    const run = await lastRun();
    expect(run).toMatchObject({ status: "running", result: null });
    const shown = await askEctopy<RunDetails>(["show", String(run.id)], options);
    expect(shown.run.status).toBe("running");
    const { status, stdout } = await runEctopy(["show", String(run.id)], options);
    expect(status).toBe(0);
    expect(stdout).toContain("There is no result yet.");
  });

  it("its training continues", () => {
    expect(training.child.exitCode).toBeNull();
    expect(isRunning(training.trainer)).toBe(true);
  });
});

describe.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s during a training", (signal) => {
  it("stops it and keeps the best epoch so far", async () => {
    const { child, ended, trainer } = await startTraining([...ENDLESS_TRAINING, "--json"]);
    child.kill(signal);
    const { status, stdout, stderr } = await ended;
    expect(status, stderr).toBe(130);
    expect(stderr).toContain("Note: Stopping; stored data is kept.");
    const { run, preparation } = JSON.parse(stdout) as RunDetails;
    expect(run).toMatchObject({ status: "cancelled", error: null, result: { cancelled: true } });
    expect(run.result!.epochs.length).toBeGreaterThanOrEqual(1);
    expect(run.result!.bestEpoch).toBeGreaterThanOrEqual(1);
    const tested = run.result!.test.perClass.reduce((sum, { support }) => sum + support, 0);
    expect(tested).toBe(preparation.summary.totals.test);
    expect(await lastRun()).toEqual(run);
    await expectEnded(trainer, 5000);
    await expectUsableWorkspace();
  });
});

describe("Ctrl-C", () => {
  it("in the first epoch keeps no result, and reports that", async () => {
    const train = ["train", "1", "--model", "ann", "--epochs", "1", "--batch", "1"];
    const { child, ended, waitForOutput, trainer } = await startTraining(train, /Training, epoch 1/);
    // Suspended, so that it is still in that epoch when the request arrives.
    process.kill(trainer, "SIGSTOP");
    child.kill("SIGINT");
    await waitForOutput(/Press Ctrl-C again/);
    process.kill(trainer, "SIGCONT");
    const { status, stdout, stderr } = await ended;
    expect({ status, stdout }).toEqual({ status: 130, stdout: "" });
    expect(stderr).toContain("The training was stopped before the first epoch had ended: no weights are kept.");
    expect(await lastRun()).toMatchObject({ status: "cancelled", result: null });
  });

  it("twice ends it at once", async () => {
    const { child, ended, waitForOutput, trainer } = await startTraining();
    // The suspended training process cannot answer the first Ctrl-C.
    process.kill(trainer, "SIGSTOP");
    child.kill("SIGINT");
    // The system merges two equal signals that it has not delivered yet.
    await waitForOutput(/Press Ctrl-C again/);
    child.kill("SIGINT");
    expect((await ended).signal).toBe("SIGINT");
    process.kill(trainer, "SIGCONT");
    await expectEnded(trainer, 10_000);
    await expectUsableWorkspace();
  });

  it("and SIGTERM in the same moment end it at once", async () => {
    const { child, ended, trainer } = await startTraining();
    process.kill(trainer, "SIGSTOP");
    // Suspended, the command line gets both signals when it continues.
    child.kill("SIGSTOP");
    child.kill("SIGINT");
    child.kill("SIGTERM");
    child.kill("SIGCONT");
    expect((await ended).signal).toMatch(/^SIG(INT|TERM)$/);
    process.kill(trainer, "SIGCONT");
    await expectEnded(trainer, 10_000);
    await expectUsableWorkspace();
  });

  it("and SIGTERM during the evaluation that follows end it at once; the run can be resumed", async () => {
    const train = ["train", "1", "--model", "lstm", "--epochs", "3", "--steps-per-epoch", "1", "--batch", "8"];
    const { child, ended, trainer } = await startTraining(train);
    const { id } = await lastRun();
    const checkpoints = join(options.workspace, "checkpoints");
    child.kill("SIGINT");
    // An LSTM evaluates the test set for a second; suspended at its checkpoint, it can't end before the second signal.
    await expect
      .poll(() => existsSync(checkpoints) && readdirSync(checkpoints).some((name) => /^\d+$/.test(name)), {
        interval: 5,
      })
      .toBe(true);
    process.kill(trainer, "SIGSTOP");
    child.kill("SIGTERM");
    expect((await ended).signal).toBe("SIGTERM");
    process.kill(trainer, "SIGCONT");
    await expectEnded(trainer, 10_000);
    const { run } = await askEctopy<RunDetails>(["resume", String(id)], options);
    expect(run).toMatchObject({ id, status: "completed" });
    expect(run.result!.epochs).toHaveLength(3);
  });
});

describe("kill -9", () => {
  it("of the training process: the run fails, with the reason", async () => {
    const { ended, trainer } = await startTraining([...ENDLESS_TRAINING, "--json"]);
    process.kill(trainer, "SIGKILL");
    const { status, stdout } = await ended;
    expect(status).toBe(7);
    const reason = {
      code: "out-of-memory",
      message: expect.stringContaining("SIGKILL") as string,
      fix: expect.stringContaining("memory") as string,
    };
    expect(JSON.parse(stdout)).toEqual({ error: reason });
    expect(await lastRun()).toMatchObject({ status: "failed", error: reason, result: null });
    await expectUsableWorkspace();
  });

  it("of the command line: the training process ends, and the next writing process marks the run", async () => {
    const { child, ended, trainer } = await startTraining();
    child.kill("SIGKILL");
    expect((await ended).signal).toBe("SIGKILL");
    await expectEnded(trainer, 10_000);
    const lost = await lastRun();
    expect(lost.status).toBe("running");

    const { status, stderr } = await runEctopy(["sample"], options);
    expect(status, stderr).toBe(0);
    expect(stderr).toContain(`Note: Run ${lost.id} was interrupted`);
    expect(await lastRun()).toMatchObject({ id: lost.id, status: "interrupted", result: null });
    await expectUsableWorkspace();
  });
});
