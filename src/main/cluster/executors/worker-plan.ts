/** The workers of an experiment on other machines: what is started. */
import { basename, posix } from "node:path";
import type { Executor } from "../../../contract/domain/executors.ts";
import { quoted } from "./run-command.ts";

export interface WorkerPlan {
  /** Short name for lists of jobs, without blanks. */
  title: string;
  /** Folder of the logs, on the other machines. */
  logs: string;
  /** Command line of a worker, for a POSIX shell. */
  worker: string;
  /** Number of workers. */
  workers: number;
}

/** Name of the folder of the workers' logs, in the experiment's folder. */
export const LOGS_FOLDER = "logs";

/** Returns the path of an experiment's folder on the other machines. @param shared its path here */
export function pathThere({ folderThere }: Executor, shared: string): string {
  return folderThere === "" ? shared : posix.join(folderThere, basename(shared));
}

/** Returns the workers for some runs in an experiment's folder: not more than runs. */
export function planWorkers(executor: Executor, shared: string, runs: number): WorkerPlan {
  const there = pathThere(executor, shared);
  const limit = executor.kind === "ssh" ? executor.hosts.length : executor.workers;
  return {
    title: basename(shared).replaceAll(/[^\w.-]/g, "-"),
    logs: posix.join(there, LOGS_FOLDER),
    worker: `${executor.command} worker ${quoted(there)}`,
    workers: limit === 0 ? runs : Math.min(limit, runs),
  };
}
