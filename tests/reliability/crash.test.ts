/** Uncaught errors and closed terminals: the process reports them and ends, and its trainings can be resumed. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildApp } from "../../scripts/build-app.ts";
import { BUG_STATUS } from "../../src/contract/domain/errors.ts";
import { defaultTraining } from "../../src/contract/settings/defaults.ts";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import { openWorkspace } from "../../src/main/store/workspace.ts";
import {
  askEctopy,
  runEctopy,
  startEctopy,
  temporaryFolder,
  type CommandOptions,
  type Running,
} from "../support/command-line.ts";
import { childrenOf, expectEnded, NO_PROCESS_LIST } from "../support/processes.ts";
import { makeMeasuredWorkspace, SAMPLE, UNBALANCED } from "../support/shared-workspaces.ts";
import { connect, enter, type TestClient } from "../support/socket-client.ts";

const folder = temporaryFolder();
const workspace = join(folder.path, "workspace");
const faultModule = pathToFileURL(join(import.meta.dirname, "../support/throw-on-signal.ts")).href;
const options: CommandOptions = {
  workspace,
  environment: { NODE_OPTIONS: `--import=${faultModule}`, ECTOPY_SETTINGS: join(folder.path, "settings.json") },
};
const logPath = join(workspace, "logs", "ectopy.log");

beforeEach((ctx) => {
  if (process.platform === "win32") ctx.skip(NO_PROCESS_LIST);
});
beforeAll(async () => {
  await makeMeasuredWorkspace(options.workspace, [SAMPLE, UNBALANCED]);
}, 60_000);
afterAll(folder.remove);

/** A training with more epochs than any test waits for. */
const ENDLESS_TRAINING = ["train", "1", "--model", "ann", "--epochs", "100000", "--steps-per-epoch", "5"];

async function lastRun(): Promise<RunDetails["run"]> {
  const { runs } = await askEctopy<{ runs: RunDetails[] }>(["runs"], options);
  return runs.at(-1)!.run;
}

/** Epochs of the newest checkpoint. */
function checkpointEpochs(run: number): number {
  const opened = openWorkspace(workspace, "read", () => {});
  try {
    return opened.checkpoints.ofRun(run)[0]?.epochs ?? 0;
  } finally {
    opened.close();
  }
}

/** Expects that the run is paused at a checkpoint, and that `ectopy resume` continues from it. */
async function expectResumable(): Promise<void> {
  const run = await lastRun();
  expect(run.status).toBe("paused");
  const kept = checkpointEpochs(run.id);
  expect(kept).toBeGreaterThan(0);
  const resumed = startEctopy(["resume", String(run.id), "--json"], options);
  await resumed.waitForOutput(new RegExp(`Training, epoch ${kept + 2} `));
  resumed.child.kill("SIGINT");
  const { status, stdout, stderr } = await resumed.ended;
  expect(status, stderr).toBe(130);
  expect((JSON.parse(stdout) as RunDetails).run.result!.epochs.length).toBeGreaterThan(kept);
}

describe("an uncaught error", () => {
  it("ends a training command with the status of a bug, a stack trace in the log, and a resumable run", async () => {
    const { child, ended, waitForOutput } = startEctopy(ENDLESS_TRAINING, options);
    await waitForOutput(/Training, epoch 2/);
    const [trainer] = childrenOf(child.pid!);
    child.kill("SIGUSR2");
    const { status, signal, stderr } = await ended;
    expect({ status, signal }, stderr).toEqual({ status: BUG_STATUS, signal: null });
    expect(stderr).toContain(
      `Ectopy had to close because of a bug: Error: planted fault 1. Stored data is safe. Details are in ${logPath}.`,
    );
    expect(readFileSync(logPath, "utf8")).toMatch(/^\S+Z error crash \[\d+\] Error: planted fault 1 \| at .*$/m);
    expect(statSync(logPath).mode & 0o777).toBe(0o600);
    await expectEnded(trainer, 10_000);
    await expectResumable();
  });

  it("while closing ends the process at once", async () => {
    const { child, ended, waitForOutput } = startEctopy(ENDLESS_TRAINING, options);
    await waitForOutput(/Training, epoch 2/);
    const [trainer] = childrenOf(child.pid!);
    // Suspended, it can't write the checkpoint that closing waits for.
    process.kill(trainer, "SIGSTOP");
    child.kill("SIGUSR2");
    await waitForOutput(/had to close/);
    child.kill("SIGUSR2");
    const { status, stderr } = await ended;
    process.kill(trainer, "SIGCONT");
    expect(status, stderr).toBe(BUG_STATUS);
    expect(stderr).toContain("While closing: Error: planted fault 2");
    await expectEnded(trainer, 10_000);
    expect((await runEctopy(["sample"], options)).stderr).toContain("was interrupted");
  });
});

describe("a server that trains", () => {
  beforeAll(() => buildApp(join(import.meta.dirname, "../..")));

  async function startServer(): Promise<{ server: Running; client: TestClient; run: number }> {
    const server = startEctopy(["serve", "--no-open", "--port", "0", "--json"], options);
    const url = await new Promise<string>((resolve, reject) => {
      let printed = "";
      server.child.stdout!.on("data", (text: string) => {
        printed += text;
        if (printed.trimEnd().endsWith("}")) resolve((JSON.parse(printed) as { url: string }).url);
      });
      void server.ended.then(({ stderr }) => reject(new Error(stderr)), reject);
    });
    const client = await connect(url, await enter(url));
    const settings = { ...defaultTraining("ann"), epochs: 100_000, stepsPerEpoch: 5 };
    const { run } = await client.call("training.start", { preparation: 1, settings });
    await client.until("run.epoch", (epoch) => epoch.run === run && epoch.metrics.epoch === 2);
    return { server, client, run };
  }

  it("notifies its pages of an uncaught error, and leaves the run with a checkpoint", async () => {
    const { server, client } = await startServer();
    const closed = new Promise((resolve) => client.socket.once("close", resolve));
    server.child.kill("SIGUSR2");
    await closed;
    const notices = client.events.filter((event) => event.event === "notice");
    expect(notices.map(({ data }) => data.message).at(-1)).toMatch(/^Ectopy had to close because of a bug: .*planted/);
    const { status, stderr } = await server.ended;
    expect(status, stderr).toBe(BUG_STATUS);
    await expectResumable();
  });

  it.each(["SIGTERM", "SIGHUP"] as const)("leaves the run with a checkpoint at %s", async (signal) => {
    const { server } = await startServer();
    server.child.kill(signal);
    // A closing terminal sends it more than once.
    if (signal === "SIGHUP") server.child.kill(signal);
    const { status, stderr } = await server.ended;
    expect(status, stderr).toBe(0);
    await expectResumable();
  });
});
