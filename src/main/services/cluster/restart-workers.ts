/** Starts workers of an experiment again: where none is left, and where one over SSH has died. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ClusterProgress } from "../../../contract/domain/cluster.ts";
import { EctopyError, type ErrorReport } from "../../../contract/domain/errors.ts";
import { logger } from "../../base/logger.ts";
import { runState } from "../../cluster/attempts.ts";
import {
  attemptFolder,
  attemptsOf,
  clusterOwnerSchema,
  ENDED_FILE,
  OWNER_FILE,
  readClusterFile,
  runFolder,
  runsOf,
} from "../../cluster/cluster-files.ts";
import { startOnHosts, startWorkers, type ReportedWorkers } from "../../cluster/executors/executor.ts";
import { planWorkers } from "../../cluster/executors/worker-plan.ts";
import type { ClusterExperiment, ClusterRunRow, StartedWorkers } from "../../store/cluster-experiments.ts";
import type { Workspace } from "../../store/workspace.ts";
import { logOf } from "./worker-logs.ts";

const log = logger("cluster");

/** Starts of workers for one experiment: a job that fails at once is not started for ever. */
const MAX_STARTS = 20;
/** Starts in a row after which no worker has begun a run: the user must look for the reason. */
const MAX_FRUITLESS_STARTS = 3;

export interface RestartOptions {
  workspace: Workspace;
  experiment: ClusterExperiment;
  /** What the latest collection has found. */
  progress: ClusterProgress;
  reported: ReportedWorkers;
  /** Ends a run that failed on the only machine that begins runs. @param job of its worker */
  fail: (run: number, error: ErrorReport, job: string) => void;
}

/** @throws EctopyError `server-refuses`, `not-connected`, `not-found`; `training-failed`: the workers end without a result */
export async function restartWorkers(options: RestartOptions): Promise<void> {
  const { progress, reported } = options;
  const { running, waiting } = reported.state;
  const isIdle = running.length === 0 && waiting === 0;
  if (isIdle && progress.running === 0) return startAgain(options);
  return replaceDied(options);
}

async function startAgain(options: RestartOptions): Promise<void> {
  const { workspace, experiment: of, progress } = options;
  const { experiment, executor, folder, workers } = of;
  const attempts = runsOf(folder).reduce((sum, run) => sum + attemptsOf(runFolder(folder, run)).length, 0);
  const fruitless = workers.length - 1 - workers.findLastIndex((each) => each.attempts !== attempts);
  if (fruitless > 0 && progress.runs.every(({ state }) => state === "failed-once")) return failRest(options);
  if (fruitless >= MAX_FRUITLESS_STARTS * workersAtOnce(of) || startsOf(workers) >= MAX_STARTS) {
    const last = logOf(folder, "");
    throw new EctopyError(
      "training-failed",
      `The workers of experiment ${experiment} on ${executor.name} end without a result.${last === "" ? "" : ` Their log ends: ${last}`}`,
      "Remove the reason and start workers again, cancel the experiment, or train its runs on this machine.",
    );
  }
  log.info(`Experiment ${experiment}: no worker is left on ${executor.name}; new ones are started`);
  const started = await startWorkers(executor, folder, progress.open);
  workspace.clusterExperiments.addWorkers(
    experiment,
    started.map((each) => ({ ...each, attempts })),
  );
}

/** Returns the entries of one start: one for each host, or one job. */
function workersAtOnce({ executor }: ClusterExperiment): number {
  return executor.kind === "ssh" ? executor.hosts.length : 1;
}

/** Returns how often workers have been started, on the host where most were. */
function startsOf(workers: readonly StartedWorkers[]): number {
  const byHost = Map.groupBy(workers, (each) => ("host" in each ? each.host : ""));
  return Math.max(0, ...[...byHost.values()].map(({ length }) => length));
}

/** Ends runs that failed on one machine, where new workers have started on no other one. */
function failRest({ workspace, experiment: { experiment, folder }, fail, progress }: RestartOptions): void {
  for (const { number, run } of workspace.clusterExperiments.runs(experiment)) {
    const state = runState(runFolder(folder, number), null);
    if (state.state !== "free" || state.failure === null) continue;
    const { host = "", job = "" } = progress.runs.find((each) => each.run === run) ?? {};
    const { message } = state.failure;
    fail(run, { ...state.failure, message: `${message} It failed on ${host}, and no other machine began it.` }, job);
  }
}

/** Starts a worker on each host whose latest one has died while it trained a run; others that ended found nothing to do. */
async function replaceDied({ workspace, experiment: of, reported, progress }: RestartOptions): Promise<void> {
  const { executor, workers, experiment, folder } = of;
  if (executor.kind !== "ssh" || startsOf(workers) >= MAX_STARTS) return;
  const answering = executor.hosts.filter((host) => !reported.silent.some((each) => each.host === host));
  const ended = answering.filter((host) => !reported.state.running.includes(host));
  const rows = ended.length === 0 ? [] : workspace.clusterExperiments.runs(experiment);
  const left = new Set(rows.flatMap((row) => leftBy(folder, row) ?? []));
  const died = ended.filter((host) => {
    const latest = workers.findLast((each) => "pid" in each && each.host === host);
    return latest !== undefined && "pid" in latest && left.has(Number(latest.pid));
  });
  if (died.length === 0) return;
  log.warning(`Experiment ${experiment}: the workers on ${died.join(", ")} have died; new ones are started`);
  const started = await startOnHosts(died, planWorkers(executor, folder, progress.open));
  workspace.clusterExperiments.addWorkers(experiment, started);
}

/** Returns the process of the latest attempt, if it is not over; null: there is none. */
function leftBy(folder: string, { number }: ClusterRunRow): number | null {
  const run = runFolder(folder, number);
  const latest = attemptsOf(run).at(-1);
  if (latest === undefined) return null;
  const attempt = attemptFolder(run, latest);
  if (existsSync(join(attempt, ENDED_FILE))) return null;
  return readClusterFile(join(attempt, OWNER_FILE), clusterOwnerSchema)?.pid ?? null;
}
