/** A workspace with a preparation and a shared folder, for tests of experiments on other machines. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Executor } from "../../src/contract/domain/executors.ts";
import type { ExperimentOverview } from "../../src/contract/domain/experiments.ts";
import type { WorkerReport } from "../../src/main/cluster/worker.ts";
import { askEctopy, temporaryFolder, type CommandOptions } from "./command-line.ts";

const root = join(import.meta.dirname, "../..");

/** Command line that starts Ectopy on the other machines, which are this one. */
export const EXECUTOR_COMMAND = `${process.execPath} ${join(root, "src/main/cli/ectopy.ts")}`;
/** A training of a second. */
export const QUICK = ["--model", "ann", "--epochs", "2", "--steps-per-epoch", "4"];
/** What this machine trains like a worker with one thread. */
export const HERE = ["--threads", "1", "--backend", "kernels"];
export const SLOWLY = { timeout: 90_000, interval: 500 };

export interface ClusterWorkspace {
  path: string;
  /** The shared folder. */
  shared: string;
  /** Variables of all commands; may be added to. */
  environment: Record<string, string>;
  options: CommandOptions;
  remove: () => void;
  ask: <Document>(...args: string[]) => Promise<Document>;
  add: (name: string, kind: Executor["kind"], ...options: string[]) => Promise<Executor>;
  /** Stored files of runs: weights and predictions, in Base64. */
  models: (runs: readonly { run: number }[]) => string[];
  /** Returns the folder of the only experiment in the shared folder. */
  experimentFolder: () => string;
  /** Sends an experiment to a launcher that starts no worker. `work` is such a worker, which the test starts. */
  send: (...search: string[]) => Promise<SentExperiment>;
  /** Expects an experiment to have the stored runs that this machine gets from the same search. */
  expectAsHere: (experiment: number, ...search: string[]) => Promise<void>;
}

export interface SentExperiment {
  id: number;
  folder: string;
  work: (...options: string[]) => Promise<WorkerReport>;
}

export function clusterWorkspace(): ClusterWorkspace {
  const folder = temporaryFolder();
  const shared = join(folder.path, "shared");
  mkdirSync(shared);
  const environment: Record<string, string> = { ECTOPY_SETTINGS: join(folder.path, "settings.json") };
  const options: CommandOptions = { workspace: join(folder.path, "workspace"), environment };
  const ask = <Document>(...args: string[]): Promise<Document> => askEctopy<Document>(args, options);
  const add: ClusterWorkspace["add"] = (name, kind, ...more) =>
    ask(
      ...["executor", "add", name, "--kind", kind, "--folder", shared],
      ...(more.includes("--command") ? more : ["--command", EXECUTOR_COMMAND, ...more]),
    );
  const models: ClusterWorkspace["models"] = (runs) =>
    runs.map(({ run }) => {
      const stored = join(folder.path, "workspace/runs", String(run));
      return ["weights.bin", "test-probabilities.f32"]
        .map((name) => readFileSync(join(stored, name)).toString("base64"))
        .join();
    });
  const experimentFolder = (): string => {
    const [name, ...others] = readdirSync(shared).filter((each) => each.startsWith("ectopy-"));
    expect(others).toEqual([]);
    return join(shared, name);
  };
  return {
    ...folder,
    shared,
    environment,
    options,
    ask,
    add,
    models,
    experimentFolder,
    send: async (...search) => {
      await add("idle", "launcher", "--launcher", "true {worker}");
      const { id } = await ask<ExperimentOverview>("search", "1", ...search, "--on", "idle", "--detach");
      const sent = experimentFolder();
      return { id, folder: sent, work: (...more) => ask<WorkerReport>("worker", sent, ...more) };
    },
    expectAsHere: async (experiment, ...search) => {
      const there = await ask<ExperimentOverview>("experiments", String(experiment));
      const here = await ask<ExperimentOverview>("search", "1", ...search, ...HERE);
      expect(there.runs.map(({ status }) => status)).toEqual(here.runs.map(() => "completed"));
      expect(models(there.runs)).toEqual(models(here.runs));
      expect(there.runs.map(({ value }) => value)).toEqual(here.runs.map(({ value }) => value));
      expect(readdirSync(shared).filter((name) => name.startsWith("ectopy-"))).toEqual([]);
    },
  };
}

/** Returns whether the events of a run's attempt have an epoch. */
export function hasEpoch(experiment: string, epoch: number, run = "0001", attempt = 1): boolean {
  const events = join(experiment, "runs", run, `attempt-${attempt}`, "events.jsonl");
  return existsSync(events) && readFileSync(events, "utf8").includes(`"epoch":${epoch},`);
}
