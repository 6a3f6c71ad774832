/** What every executor does: it starts workers, reports what they do, and stops them. */
import { basename } from "node:path";
import type { WorkersState } from "../../../contract/domain/cluster.ts";
import type { Executor } from "../../../contract/domain/executors.ts";
import { reportError } from "../../../contract/domain/errors.ts";
import { logger } from "../../base/logger.ts";
import type { StartedWorkers } from "../../store/cluster-experiments.ts";
import { startLauncher } from "./launcher.ts";
import { cancelSlurm, slurmState, startSlurm } from "./slurm.ts";
import { runningOnHost, startOnHost, stopOnHost } from "./ssh.ts";
import { planWorkers, type WorkerPlan } from "./worker-plan.ts";

const log = logger("executors");

/**
 * Starts workers for some runs in an experiment's folder.
 * @throws EctopyError `server-refuses`, `not-connected`, `not-found`: none was started
 */
export async function startWorkers(executor: Executor, shared: string, runs: number): Promise<StartedWorkers[]> {
  const plan = planWorkers(executor, shared, runs);
  switch (executor.kind) {
    case "slurm":
      return [{ job: await startSlurm(executor, plan) }];
    case "launcher":
      return [{ job: await startLauncher(executor, plan) }];
    case "ssh":
      return startOnHosts(executor.hosts.slice(0, plan.workers), plan);
  }
}

/**
 * Starts a worker on each of some hosts. One host that is switched off does not stop the others.
 * @throws EctopyError `server-refuses`, `not-connected`, `not-found`: none was started
 */
export async function startOnHosts(hosts: readonly string[], plan: WorkerPlan): Promise<StartedWorkers[]> {
  const started = await Promise.allSettled(hosts.map(async (host) => ({ host, pid: await startOnHost(host, plan) })));
  const running = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const failed = started.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
  for (const error of failed) log.warning("A worker could not be started", error);
  if (running.length === 0) throw failed[0];
  return running;
}

/** What started workers do, and which could not be asked. */
export interface ReportedWorkers {
  state: WorkersState;
  /** Hosts that did not answer, and why; they may train. */
  silent: { host: string; error: unknown }[];
}

/**
 * Returns what started workers do; null: the executor can't tell.
 * @param folder of the experiment
 * @throws EctopyError `server-refuses`, `not-connected`, `not-found`: no host answers
 */
export async function workersState(
  executor: Executor,
  started: readonly StartedWorkers[],
  folder: string,
): Promise<ReportedWorkers | null> {
  switch (executor.kind) {
    case "launcher":
      return null;
    case "slurm": {
      const state: WorkersState = { waiting: 0, running: [], reason: "" };
      for (const workers of started) {
        if ("pid" in workers) continue;
        const { waiting, running, reason } = await slurmState(executor, workers.job);
        state.waiting += waiting;
        state.running.push(...running);
        state.reason ||= reason;
      }
      return { state, silent: [] };
    }
    case "ssh":
      return askHosts(started, basename(folder));
  }
}

async function askHosts(started: readonly StartedWorkers[], title: string): Promise<ReportedWorkers> {
  const hosts = Map.groupBy(
    started.flatMap((workers) => ("pid" in workers ? [workers] : [])),
    ({ host }) => host,
  );
  const running: string[] = [];
  const silent: ReportedWorkers["silent"] = [];
  await Promise.all(
    [...hosts].map(async ([host, workers]) => {
      try {
        const pids = workers.map(({ pid }) => pid);
        if ((await runningOnHost(host, pids, title)).length > 0) running.push(host);
      } catch (error) {
        silent.push({ host, error });
      }
    }),
  );
  if (silent.length > 0 && silent.length === hosts.size) throw silent[0].error;
  return { state: { waiting: 0, running, reason: "" }, silent };
}

/** Stops workers at a checkpoint, as far as the executor answers; the request in the folder reaches the others. */
export async function stopWorkers(executor: Executor, started: readonly StartedWorkers[]): Promise<void> {
  for (const workers of started) {
    try {
      if ("pid" in workers) await stopOnHost(workers.host, workers.pid);
      else if (executor.kind === "slurm") await cancelSlurm(executor, workers.job);
    } catch (error) {
      log.warning(`Workers could not be stopped: ${reportError(error).message}`, error);
    }
  }
}
