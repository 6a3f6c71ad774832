/** Experiments over a real sshd on this machine: workers that outlive the connection, that die, and that can train nothing. */
import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClusterProgress } from "../../src/contract/domain/cluster.ts";
import type { ExperimentOverview } from "../../src/contract/domain/experiments.ts";
import type { RunDetails } from "../../src/contract/domain/runs.ts";
import { clusterWorkspace, EXECUTOR_COMMAND, hasEpoch, QUICK, SLOWLY } from "../support/cluster-workspace.ts";
import { expectRefusal, runEctopy } from "../support/command-line.ts";
import { prepareSmallSample } from "../support/small-preparation.ts";
import { noSshd, startSshd, type RunningSshd } from "../support/sshd.ts";

describe.skipIf(noSshd !== "")(`experiments over SSH${noSshd && `: ${noSshd}`}`, () => {
  const workspace = clusterWorkspace();
  const { ask, shared, options } = workspace;
  let sshd: RunningSshd;
  beforeAll(async () => {
    sshd = await startSshd();
    workspace.environment["PATH"] = `${sshd.programs}:${process.env["PATH"]}`;
    await prepareSmallSample(workspace.path);
    await workspace.add("room", "ssh", "--hosts", sshd.host);
  });
  afterAll(async () => {
    await sshd?.stop();
    workspace.remove();
  });

  it("train on a host by a worker that outlives the connection", async () => {
    const repeats = [...QUICK, "--repeat", "2"];
    const { id } = await ask<ExperimentOverview>("search", "1", ...repeats, "--on", "room");
    await workspace.expectAsHere(id, ...repeats);
  });

  it("replace a worker that was killed, to the same result", async () => {
    const long = ["--model", "ann", "--grid", "batch=16", "--epochs", "80", "--steps-per-epoch", "40"];
    const { id } = await ask<ExperimentOverview>("search", "1", ...long, "--on", "room", "--detach");
    const folder = workspace.experimentFolder();
    await expect.poll(() => hasEpoch(folder, 2), SLOWLY).toBe(true);
    const attempt = join(folder, "runs/0001/attempt-1");
    const { pid } = JSON.parse(readFileSync(join(attempt, "owner.json"), "utf8")) as { pid: number };
    process.kill(pid, "SIGKILL");
    // It has been silent for longer than three minutes.
    const then = Date.now() / 1000 - 240;
    utimesSync(join(attempt, "alive.json"), then, then);
    await ask("collect", "--wait");
    await workspace.expectAsHere(id, ...long);
  });

  it("name a run that failed on the only machine, and fail it", async () => {
    // The worker starts after its data were damaged.
    const command = join(workspace.path, "slow-ectopy");
    writeFileSync(command, `#!/bin/sh\nsleep 2\nexec ${EXECUTOR_COMMAND} "$@"\n`, { mode: 0o755 });
    await workspace.add("slow", "ssh", "--hosts", sshd.host, "--command", `'${command}'`);
    const { id } = await ask<ExperimentOverview>("search", "1", ...QUICK, "--repeat", "2", "--on", "slow", "--detach");
    const data = join(workspace.experimentFolder(), "data");
    for (const name of readdirSync(data)) writeFileSync(join(data, name, "beats.f32"), "");
    await ask("collect", "--wait");
    const { runs } = await ask<ExperimentOverview>("experiments", String(id));
    expect(runs.map(({ status }) => status)).toEqual(["failed", "failed"]);
    const { run } = await ask<RunDetails>("show", String(runs[0].run));
    expect(run.error?.message).toMatch(/have changed.* It failed on \S+, and no other machine began it\.$/);
    expect(readdirSync(shared)).toEqual([]);
  });

  it("say which host refuses, and train on the others meanwhile", async () => {
    await workspace.add("nowhere", "ssh", "--hosts", "node2");
    expectRefusal(
      await runEctopy(["search", "1", ...QUICK, "--repeat", "2", "--on", "nowhere"], options),
      8,
      /There is no SSH connection to node2/,
    );
    expect(readdirSync(shared)).toEqual([]);
    await workspace.add("both", "ssh", "--hosts", `${sshd.host},node2`);
    const repeats = [...QUICK, "--repeat", "2"];
    const { id } = await ask<ExperimentOverview>("search", "1", ...repeats, "--on", "both", "--detach");
    expect(await ask<ClusterProgress[]>("collect", "--wait")).toEqual([]);
    await workspace.expectAsHere(id, ...repeats);
  });
});
