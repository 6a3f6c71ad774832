/** Experiments on a real Slurm with one node: the command line from the search to the stored runs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterProgress } from "../../src/contract/domain/cluster.ts";
import type { ExperimentOverview } from "../../src/contract/domain/experiments.ts";
import { clusterWorkspace, hasEpoch, QUICK, SLOWLY } from "../support/cluster-workspace.ts";
import { prepareSmallSample } from "../support/small-preparation.ts";
import { noSlurm, startSlurm, type RunningSlurm } from "../support/slurm.ts";

describe.skipIf(noSlurm !== "")(`experiments on Slurm${noSlurm && `: ${noSlurm}`}`, () => {
  const workspace = clusterWorkspace();
  const { ask, shared } = workspace;
  let slurm: RunningSlurm;
  beforeAll(async () => {
    slurm = await startSlurm();
    Object.assign(workspace.environment, slurm.environment);
    await prepareSmallSample(workspace.path);
    await workspace.add("cluster1", "slurm", "--workers", "2", "--option=--comment=ectopy");
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
    const { id, runs } = await ask<ExperimentOverview>("search", "1", ...QUICK, ...grid, "--on", "cluster1");
    expect(runs).toHaveLength(12);
    await workspace.expectAsHere(id, ...QUICK, ...grid);
  });

  it("continue from a checkpoint after a requeue, to the same result", async () => {
    const one = ["--model", "ann", "--grid", "batch=16", "--epochs", "60", "--steps-per-epoch", "40"];
    const { id } = await ask<ExperimentOverview>("search", "1", ...one, "--on", "cluster1", "--detach");
    const folder = workspace.experimentFolder();
    await expect.poll(() => hasEpoch(folder, 5), SLOWLY).toBe(true);
    const [job] = slurm.run("squeue", "--noheader", "--array", "--format=%i").split("\n");
    expect(slurm.run("scontrol", "show", "job", job)).toContain("Comment=ectopy");
    slurm.run("scontrol", "requeue", job);
    const run = join(folder, "runs/0001");
    /** Returns `done`, or what Slurm says of the job. */
    const state = (): string => {
      // Slurm would wait two minutes, for the first attempt to end: a job that starts before fails at once.
      const shown = slurm.run("scontrol", "show", "job", job);
      const hasEnded = existsSync(join(run, "attempt-1/ended.json"));
      if (hasEnded && shown.includes("JobState=PENDING"))
        slurm.run("scontrol", "update", `jobid=${job}`, "StartTime=now");
      return existsSync(join(run, "result.json")) ? "done" : shown;
    };
    await expect.poll(state, SLOWLY).toBe("done");
    const attempts = readdirSync(run).filter((name) => name.startsWith("attempt"));
    await ask("collect", "--wait");
    expect(attempts).toEqual(["attempt-1", "attempt-2"]);
    await workspace.expectAsHere(id, ...one);
  });

  it("survive a kill -9 of the node's daemon, to the same result", async () => {
    const one = ["--model", "ann", "--grid", "batch=16", "--epochs", "30", "--steps-per-epoch", "20"];
    const { id } = await ask<ExperimentOverview>("search", "1", ...one, "--on", "cluster1", "--detach");
    await expect.poll(() => hasEpoch(workspace.experimentFolder(), 2), SLOWLY).toBe(true);
    await slurm.restartNode();
    await ask("collect", "--wait");
    await workspace.expectAsHere(id, ...one);
  });

  it("continue from a checkpoint after scancel, by new workers", async () => {
    const one = ["--model", "ann", "--grid", "batch=16", "--epochs", "150", "--steps-per-epoch", "40"];
    const { id } = await ask<ExperimentOverview>("search", "1", ...one, "--on", "cluster1", "--detach");
    const folder = workspace.experimentFolder();
    await expect.poll(() => hasEpoch(folder, 2), SLOWLY).toBe(true);
    const [job] = slurm.run("squeue", "--noheader", "--format=%A").split("\n");
    slurm.run("scancel", job);
    const run = join(folder, "runs/0001");
    await expect
      .poll(() => [...readdirSync(run), ...readdirSync(join(run, "attempt-1"))], SLOWLY)
      .toContain("ended.json");
    await ask("collect", "--wait");
    await workspace.expectAsHere(id, ...one);
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

  // Last: for minutes after its restart, the controller may hold the node back as completing.
  it("name a controller that was killed, and end once it is back", async () => {
    const one = ["--model", "ann", "--grid", "batch=16", "--epochs", "30", "--steps-per-epoch", "20"];
    const { id } = await ask<ExperimentOverview>("search", "1", ...one, "--on", "cluster1", "--detach");
    const folder = workspace.experimentFolder();
    await expect.poll(() => hasEpoch(folder, 2), SLOWLY).toBe(true);
    const { pid } = JSON.parse(readFileSync(join(folder, "runs/0001/attempt-1/owner.json"), "utf8")) as { pid: number };
    // The run does not end while the controller is away.
    process.kill(pid, "SIGSTOP");
    await slurm.killController();
    const [state] = await ask<ClusterProgress[]>("collect");
    expect(state).toMatchObject({ open: 1, problem: expect.stringMatching(/^Slurm's squeue failed: /) as string });
    process.kill(pid, "SIGCONT");
    await slurm.startController();
    await ask("collect", "--wait");
    await workspace.expectAsHere(id, ...one);
  });
});
