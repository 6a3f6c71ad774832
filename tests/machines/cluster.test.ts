/** Experiments on a real Slurm with one node, and on a real sshd: the command line from the search to the stored runs. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterProgress } from "../../src/contract/domain/cluster.ts";
import type { Executor } from "../../src/contract/domain/executors.ts";
import type { ExperimentOverview } from "../../src/contract/domain/experiments.ts";
import type { WorkerReport } from "../../src/main/cluster/worker.ts";
import { askEctopy, expectRefusal, runEctopy, temporaryFolder, type CommandOptions } from "../support/command-line.ts";
import { prepareSmallSample } from "../support/small-preparation.ts";
import { noSlurm, startSlurm, type RunningSlurm } from "../support/slurm.ts";
import { noSshd, startSshd, type RunningSshd } from "../support/sshd.ts";

const root = join(import.meta.dirname, "../..");
const command = `${process.execPath} ${join(root, "src/main/cli/ectopy.ts")}`;
const SLOWLY = { timeout: 90_000, interval: 500 };
const QUICK = ["--model", "ann", "--epochs", "2", "--steps-per-epoch", "4"];

/** A workspace with a preparation, and the settings of its user. */
function clusterWorkspace() {
  const folder = temporaryFolder();
  const shared = join(folder.path, "shared");
  mkdirSync(shared);
  const environment: Record<string, string> = { ECTOPY_SETTINGS: join(folder.path, "settings.json") };
  const options: CommandOptions = { workspace: join(folder.path, "workspace"), environment };
  return {
    ...folder,
    shared,
    environment,
    options,
    ask: <Document>(...args: string[]): Promise<Document> => askEctopy<Document>(args, options),
    /** Hashes of the stored files of runs, by the run. */
    models: (runs: readonly { run: number }[]): string[] =>
      runs.map(({ run }) => {
        const stored = join(folder.path, "workspace/runs", String(run));
        return ["weights.bin", "test-probabilities.f32"]
          .map((name) => readFileSync(join(stored, name)).toString("base64"))
          .join();
      }),
  };
}

describe.skipIf(noSlurm !== "")(`experiments on Slurm${noSlurm && `: ${noSlurm}`}`, () => {
  const workspace = clusterWorkspace();
  const { ask, shared } = workspace;
  let slurm: RunningSlurm;
  beforeAll(async () => {
    slurm = await startSlurm();
    Object.assign(workspace.environment, slurm.environment);
    await prepareSmallSample(workspace.path);
    const add = ["executor", "add", "cluster1", "--kind", "slurm", "--folder", shared, "--command", command];
    await ask<Executor>(...add, "--workers", "2");
  });
  afterAll(async () => {
    await slurm?.stop();
    workspace.remove();
  });

  it("test the executor by one step", async () => {
    const { owner } = await ask<{ owner: { job: string } }>("executor", "test", "cluster1");
    expect(owner.job).toMatch(/^\d+_1$/);
    expect(readdirSync(shared)).toEqual([]);
  });

  it("end in the same stored runs as on this machine, and leave nothing in the shared folder", async () => {
    const grid = ["--grid", "learningRate=0.01,0.003,0.001,0.0003", "--grid", "batch=32,64,128"];
    const search = ["search", "1", ...QUICK, ...grid];
    const there = await ask<ExperimentOverview>(...search, "--on", "cluster1");
    expect(there.runs.map(({ status }) => status)).toEqual(new Array(12).fill("completed"));
    const here = await ask<ExperimentOverview>(...search, "--threads", "1", "--backend", "kernels");
    expect(workspace.models(there.runs)).toEqual(workspace.models(here.runs));
    expect(there.runs.map(({ value }) => value)).toEqual(here.runs.map(({ value }) => value));
    expect(readdirSync(shared)).toEqual([]);
  });

  it("continue from a checkpoint after a requeue, to the same result", async () => {
    const one = ["--grid", "batch=16", "--epochs", "60", "--steps-per-epoch", "40"];
    const search = ["search", "1", "--model", "ann", ...one];
    const { id } = await ask<ExperimentOverview>(...search, "--on", "cluster1", "--detach");
    const [folder] = readdirSync(shared);
    const events = join(shared, folder, "runs/0001/attempt-1/events.jsonl");
    await expect.poll(() => existsSync(events) && /"epoch":5,/.test(readFileSync(events, "utf8")), SLOWLY).toBe(true);
    const slurmCommand = (...args: string[]): string =>
      execFileSync("scontrol", args, { env: { ...process.env, ...workspace.environment }, encoding: "utf8" });
    const [job] = execFileSync("squeue", ["--noheader", "--array", "--format=%i"], {
      env: { ...process.env, ...workspace.environment },
      encoding: "utf8",
    }).split("\n");
    slurmCommand("requeue", job);
    const run = join(shared, folder, "runs/0001");
    /** Returns `done`, or what Slurm says of the job. */
    const state = (): string => {
      // Slurm would wait two minutes, for the first attempt to end: a job that starts before fails at once.
      const shown = slurmCommand("show", "job", job);
      const hasEnded = existsSync(join(run, "attempt-1/ended.json"));
      if (hasEnded && shown.includes("JobState=PENDING")) slurmCommand("update", `jobid=${job}`, "StartTime=now");
      return existsSync(join(run, "result.json")) ? "done" : shown;
    };
    await expect.poll(state, SLOWLY).toBe("done");
    const attempts = readdirSync(run).filter((name) => name.startsWith("attempt"));
    await ask("collect", "--wait");
    const there = await ask<ExperimentOverview>("experiments", String(id));
    expect(there.runs.map(({ status }) => status)).toEqual(["completed"]);
    expect(attempts).toEqual(["attempt-1", "attempt-2"]);
    const here = await ask<ExperimentOverview>(...search, "--threads", "1", "--backend", "kernels");
    expect(workspace.models(there.runs)).toEqual(workspace.models(here.runs));
  });

  it("survive a kill -9 of the node's daemon, to the same result", async () => {
    const one = ["--grid", "batch=16", "--epochs", "30", "--steps-per-epoch", "20"];
    const search = ["search", "1", "--model", "ann", ...one];
    const { id } = await ask<ExperimentOverview>(...search, "--on", "cluster1", "--detach");
    const events = join(shared, readdirSync(shared)[0], "runs/0001/attempt-1/events.jsonl");
    await expect.poll(() => existsSync(events) && /"epoch":2,/.test(readFileSync(events, "utf8")), SLOWLY).toBe(true);
    await slurm.restartNode();
    await ask("collect", "--wait");
    const there = await ask<ExperimentOverview>("experiments", String(id));
    const here = await ask<ExperimentOverview>(...search, "--threads", "1", "--backend", "kernels");
    expect(workspace.models(there.runs)).toEqual(workspace.models(here.runs));
  });

  it("are collected after the workspace was closed, and cancelled from it", async () => {
    const long = [
      "search",
      "1",
      "--model",
      "ann",
      "--epochs",
      "100000",
      "--repeat",
      "3",
      "--on",
      "cluster1",
      "--detach",
    ];
    const { id } = await ask<ExperimentOverview>(...long);
    let open: ClusterProgress[] = [];
    await expect
      .poll(async () => (open = await ask<ClusterProgress[]>("collect"))[0]?.running, {
        timeout: 60_000,
        interval: 500,
      })
      .toBe(2);
    expect(open).toMatchObject([{ executor: "cluster1", open: 3, problem: "" }]);
    await ask("cancel", String(id));
    await ask("collect", "--wait");
    const { runs } = await ask<ExperimentOverview>("experiments", String(id));
    expect(runs.map(({ status }) => status)).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect(readdirSync(shared)).toEqual([]);
  });
});

describe.skipIf(noSshd !== "")(`experiments over SSH${noSshd && `: ${noSshd}`}`, () => {
  const workspace = clusterWorkspace();
  const { ask, shared, options } = workspace;
  let sshd: RunningSshd;
  beforeAll(async () => {
    sshd = await startSshd();
    workspace.environment["PATH"] = `${sshd.programs}:${process.env["PATH"]}`;
    await prepareSmallSample(workspace.path);
    const add = ["executor", "add", "room", "--kind", "ssh", "--folder", shared, "--command", command];
    await ask<Executor>(...add, "--hosts", sshd.host);
  });
  afterAll(async () => {
    await sshd?.stop();
    workspace.remove();
  });

  it("train on a host by a worker that outlives the connection", async () => {
    const { runs } = await ask<ExperimentOverview>("search", "1", ...QUICK, "--repeat", "2", "--on", "room");
    expect(runs.map(({ status }) => status)).toEqual(["completed", "completed"]);
  });

  it("say which host refuses", async () => {
    const add = ["executor", "add", "nowhere", "--kind", "ssh", "--folder", shared, "--command", command];
    await ask<Executor>(...add, "--hosts", "node2");
    expectRefusal(
      await runEctopy(["search", "1", ...QUICK, "--repeat", "2", "--on", "nowhere"], options),
      8,
      /There is no SSH connection to node2/,
    );
  });
});

describe("experiments by a launcher", () => {
  const workspace = clusterWorkspace();
  const { ask, shared } = workspace;
  beforeAll(() => prepareSmallSample(workspace.path));
  afterAll(() => workspace.remove());

  it("leave nothing in the shared folder when they are cancelled before a worker began", async () => {
    const add = ["executor", "add", "idle", "--kind", "launcher", "--folder", shared, "--command", command];
    await ask<Executor>(...add, "--launcher", "true {worker}");
    const search = ["search", "1", ...QUICK, "--repeat", "2", "--on", "idle", "--detach"];
    const { id } = await ask<ExperimentOverview>(...search);
    expect(readdirSync(shared)).toHaveLength(1);
    await ask("cancel", String(id));
    expect(readdirSync(shared)).toEqual([]);
    const { runs } = await ask<ExperimentOverview>("experiments", String(id));
    expect(runs.map(({ status }) => status)).toEqual(["cancelled", "cancelled"]);
  });

  /** Sends two runs to a launcher that starts no worker. @returns the experiment, its folder, and a worker on it */
  async function sendTwo(): Promise<{ id: number; folder: string; work: () => Promise<WorkerReport> }> {
    const add = ["executor", "add", "idle", "--kind", "launcher", "--folder", shared, "--command", command];
    await ask<Executor>(...add, "--launcher", "true {worker}");
    const { id } = await ask<ExperimentOverview>("search", "1", ...QUICK, "--repeat", "2", "--on", "idle", "--detach");
    const folder = join(shared, readdirSync(shared)[0]);
    return { id, folder, work: () => ask<WorkerReport>("worker", folder) };
  }
  async function expectAsHere(id: number): Promise<void> {
    const there = await ask<ExperimentOverview>("experiments", String(id));
    const search = ["search", "1", ...QUICK, "--repeat", "2", "--threads", "1", "--backend", "kernels"];
    const here = await ask<ExperimentOverview>(...search);
    expect(there.runs.map(({ status }) => status)).toEqual(["completed", "completed"]);
    expect(workspace.models(there.runs)).toEqual(workspace.models(here.runs));
    expect(readdirSync(shared)).toEqual([]);
  }

  it("train again what differs from its hashes, weights and events alike", async () => {
    const { id, folder, work } = await sendTwo();
    expect((await work()).done).toEqual([1, 2]);
    const attempt = (run: string): string => join(folder, "runs", run, "attempt-1");
    truncateSync(join(attempt("0001"), "output/weights.bin"), 100);
    truncateSync(join(attempt("0002"), "events.jsonl"), 100);
    expect(await ask<ClusterProgress[]>("collect")).toMatchObject([{ open: 2, running: 0, problem: "" }]);
    expect((await work()).done).toEqual([1, 2]);
    expect(await ask<ClusterProgress[]>("collect")).toEqual([]);
    await expectAsHere(id);
  });

  it("are trained here where the machines are gone, some results collected and the folder lost", async () => {
    const { id, folder, work } = await sendTwo();
    await ask<WorkerReport>("worker", folder, "--runs", "1");
    await ask("collect");
    rmSync(folder, { recursive: true });
    expect(await ask<ClusterProgress[]>("collect")).toMatchObject([
      { open: 1, problem: expect.stringContaining("Not found") as string },
    ]);
    await ask("train-here", String(id));
    await expectAsHere(id);
    await expect(work()).rejects.toThrow();
  });

  it("send nothing to machines with another version", async () => {
    const other = join(workspace.path, "other-version");
    writeFileSync(other, "#!/bin/sh\necho 0.0.9\n", { mode: 0o755 });
    const add = ["executor", "add", "old", "--kind", "launcher", "--folder", shared, "--command", `'${other}'`];
    await ask<Executor>(...add, "--launcher", "true {worker}");
    const search = ["search", "1", ...QUICK, "--repeat", "2", "--on", "old"];
    expectRefusal(await runEctopy(search, workspace.options), 4, /Ectopy 0\.0\.9 is installed on this machine/);
    expect(readdirSync(shared)).toEqual([]);
  });
});
