/** An experiment on other machines that no test trains: each of its runs is in another state, as its files tell. */
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { executorSchema, type Executor } from "../../src/contract/domain/executors.ts";
import { defaultTraining } from "../../src/contract/settings/defaults.ts";
import { Attempt } from "../../src/main/cluster/attempts.ts";
import {
  ALIVE_FILE,
  CHECKPOINT_FILE,
  runFolder,
  writeClusterFile,
  type ClusterOwner,
} from "../../src/main/cluster/cluster-files.ts";
import { writeClusterFolder } from "../../src/main/cluster/write-cluster-folder.ts";
import { PreferenceStore } from "../../src/main/store/preferences.ts";
import type { Workspace } from "../../src/main/store/workspace.ts";
import { addFinishedRun, FINISHED, STARTED, tinyNetwork } from "./finished-runs.ts";

const FAILURE = {
  code: "training-failed",
  message: "The training process ended by SIGKILL, most likely because memory ran out.",
  fix: "The log of the worker has its last output.",
} as const;

/** Stores three executors beside the workspace, and an experiment that one of them trains. @returns the experiment */
export async function addClusterExperiment(workspace: Workspace): Promise<number> {
  const folder = join(dirname(workspace.folder), "shared");
  mkdirSync(folder);
  const common = { folder, command: "/shared/ectopy-worker-0.1.0-linux-x64/ectopy" };
  const executors: Executor[] = [
    { ...common, name: "cluster1", kind: "slurm", host: "me@login.example.org", options: ["--partition=cpu"] },
    { ...common, name: "workstations", kind: "ssh", hosts: ["ws1", "ws2", "me@ws3.example.org"] },
    { ...common, name: "here", kind: "launcher", launcher: "nohup parallel …  {worker}", workers: 4 },
  ].map((each) => executorSchema.parse(each));
  const preferences = new PreferenceStore(join(dirname(workspace.folder), "settings.json"));
  preferences.write({ ...preferences.read(), executors });

  const experiment = workspace.experiments.add({
    name: "Tiny, on other machines",
    plan: { kind: "repeats", times: 6 },
    metric: "validation-macro-f1",
    createdAt: STARTED,
  });
  const machine = { executor: "here", job: "", attempt: 1 };
  const done = await addFinishedRun(workspace, { seed: 11 });
  workspace.runMachines.set(done, { ...machine, host: "node1" });
  const failed = addRun(workspace, 12);
  workspace.runs.start(failed, STARTED);
  workspace.runMachines.set(failed, { ...machine, host: "node2", attempt: 2 });
  workspace.runs.end(failed, "failed", FAILURE, FINISHED);
  const open = [13, 14, 15, 16].map((seed) => addRun(workspace, seed));
  [done, failed, ...open].forEach((run, i) => workspace.experiments.addRun(experiment, run, `seed ${11 + i}`));
  await sendOpen(workspace, experiment, { executor: executors[2], runs: open });
  return experiment;
}

function addRun(workspace: Workspace, seed: number): number {
  const settings = { ...defaultTraining(tinyNetwork), epochs: 20, seed, backend: "kernels", threads: 1 } as const;
  return workspace.runs.add({ preparationId: 1, settings, createdAt: STARTED });
}

async function sendOpen(
  workspace: Workspace,
  experiment: number,
  { executor, runs }: { executor: Executor; runs: readonly number[] },
): Promise<void> {
  const folder = join(executor.folder, `ectopy-0a1b2c3d-experiment-${experiment}`);
  const { fingerprint } = workspace.preparations.find(1)!;
  const preparationFolder = workspace.path("preparations", 1);
  const plans = runs.map((run) => {
    const { settings } = workspace.runs.find(run)!;
    return { settings, preparation: 1, fingerprint, preparationFolder };
  });
  await writeClusterFolder(folder, { experiment, runs: plans });
  mkdirSync(join(folder, "logs"));
  writeFileSync(join(folder, "logs/parallel-1.log"), "Run 2: started\nRun 2: Training, epoch 7 of 20\n");
  writeFileSync(join(folder, "logs/parallel-2.log"), `Run 4: started\nRun 4: failed. ${FAILURE.message}\n`);
  workspace.transaction(() => workspace.clusterExperiments.add({ experiment, executor, folder }, runs));
  workspace.clusterExperiments.addWorkers(experiment, [{ job: "" }]);

  const begin = (run: number, owner: ClusterOwner): Attempt => Attempt.begin(runFolder(folder, run), 1, owner)!;
  // The first run waits for a worker.
  const training = begin(2, { host: "node1", pid: 100, job: "" });
  training.showLife({
    epoch: 7,
    epochs: 20,
    step: 31,
    steps: 60,
    loss: 0.3121,
    accuracy: 0.9123,
    samplesPerSecond: 8123,
  });
  // It shows life for the whole test.
  const tomorrow = Date.now() / 1000 + 86_400;
  utimesSync(join(training.folder, ALIVE_FILE), tomorrow, tomorrow);
  const requeued = begin(3, { host: "node3.cluster.example.org", pid: 101, job: "4711_3" });
  const noEvents = { bytes: 0, sha256: "0".repeat(64) };
  const checkpoint = { folder: "checkpoint-1", sha256: "0".repeat(64), epochs: 5, steps: 300, events: noEvents };
  writeClusterFile(join(requeued.folder, CHECKPOINT_FILE), checkpoint);
  requeued.end({ outcome: "stopped" });
  begin(4, { host: "node2", pid: 102, job: "" }).end({ outcome: "failed", host: "node2", error: FAILURE });
}
