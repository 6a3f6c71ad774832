/** What every executor does: it starts workers, reports what they do, and stops them. */
import type { WorkersState } from "../../../contract/domain/cluster.ts";
import type { Executor } from "../../../contract/domain/executors.ts";
import { reportError } from "../../../contract/domain/errors.ts";
import { logger } from "../../base/logger.ts";
import type { StartedWorkers } from "../../store/cluster-experiments.ts";
import { startLauncher } from "./launcher.ts";
import { cancelSlurm, slurmState, startSlurm } from "./slurm.ts";
import { runsOnHost, startOnHost, stopOnHost } from "./ssh.ts";
import { planWorkers } from "./worker-plan.ts";

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
    case "ssh": {
      const hosts = executor.hosts.slice(0, plan.workers);
      const started = await Promise.allSettled(
        hosts.map(async (host) => ({ host, pid: await startOnHost(host, plan) })),
      );
      // One host that is switched off does not stop the others.
      const running = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
      const failed = started.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
      for (const error of failed) log.warning("A worker could not be started", error);
      if (running.length === 0) throw failed[0];
      return running;
    }
  }
}

/**
 * Returns what started workers do; null: the executor can't tell.
 * @throws EctopyError `server-refuses`, `not-connected`, `not-found`
 */
export async function workersState(
  executor: Executor,
  started: readonly StartedWorkers[],
): Promise<WorkersState | null> {
  if (executor.kind === "launcher") return null;
  const state: WorkersState = { waiting: 0, running: [], reason: "" };
  for (const workers of started) {
    if ("pid" in workers) {
      if (await runsOnHost(workers.host, workers.pid)) state.running.push(workers.host);
    } else if (executor.kind === "slurm") {
      const { waiting, running, reason } = await slurmState(executor, workers.job);
      state.waiting += waiting;
      state.running.push(...running);
      state.reason ||= reason;
    }
  }
  return state;
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
