/**
 * A worker: trains the runs of a cluster folder one after another, on a machine that need not have the workspace. Several workers
 * may share a cluster folder.
 */
import { hostname } from "node:os";
import { join } from "node:path";
import { EctopyError, type ErrorReport } from "../../contract/domain/errors.ts";
import type { BatchProgress } from "../../contract/domain/training.ts";
import { withoutLostBackend } from "../../engine/training/choose-backend.ts";
import { version } from "../version.ts";
import type { StartProcess } from "../workers/processes/start-process.ts";
import { Attempt, ATTEMPT_TIMES, runState } from "./attempts.ts";
import {
  EXPERIMENT_FILE,
  clusterFolderSchema,
  clusterRunSchema,
  RUN_FILE,
  readClusterFile,
  runFolder,
  runsOf,
  type ClusterRun,
  type ClusterOwner,
} from "./cluster-files.ts";
import { isCancelled, trainAttempt, type AttemptOutcome } from "./train-attempt.ts";
import { TrainingProcesses } from "./training-processes.ts";

export interface WorkerOptions {
  /** Starts training processes. */
  startProcess: StartProcess;
  checkpointIntervalMs: number;
  /** Most runs that it trains. */
  maxRuns?: number | undefined;
  /** Stops the current run at a checkpoint when aborted, and begins no other. */
  signal: AbortSignal;
  onBegun: (run: number, attempt: number) => void;
  onProgress: (run: number, progress: BatchProgress) => void;
  onEnded: (run: number, outcome: AttemptOutcome) => void;
}

export interface WorkerReport {
  /** Runs with a result of this worker. */
  done: number[];
  failed: { run: number; error: ErrorReport }[];
  /** Runs without a result that other workers train. */
  elsewhere: number[];
}

/**
 * Trains runs until none is left that a worker may begin.
 * @throws EctopyError `not-found`: no cluster folder; `unsupported`: a cluster folder of another version; `training-failed`: the first run
 *   failed before its first epoch ended, so that this machine takes no second one; `disk-full`, `no-access`
 */
export async function workOn(shared: string, options: WorkerOptions): Promise<WorkerReport> {
  const processes = new TrainingProcesses(options.startProcess);
  try {
    return await trainRuns(shared, { ...options, startProcess: processes.start });
  } finally {
    processes.close();
  }
}

async function trainRuns(shared: string, options: WorkerOptions): Promise<WorkerReport> {
  const { maxRuns = Infinity, signal } = options;
  checkExperiment(shared);
  const owner: ClusterOwner = { host: hostname(), pid: process.pid, job: executorJob(process.env) };
  const report: WorkerReport = { done: [], failed: [], elsewhere: [] };
  let begun = 0;
  for (const run of runsOf(shared)) {
    if (signal.aborted || begun >= maxRuns) break;
    const folder = runFolder(shared, run);
    const state = runState(folder, owner.host);
    if (state.state === "running") report.elsewhere.push(run);
    if (state.state !== "free" || isCancelled(shared, folder)) continue;
    const attempt = Attempt.begin(folder, state.next, owner);
    if (attempt === null) {
      report.elsewhere.push(run);
      continue;
    }
    begun++;
    options.onBegun(run, attempt.number);
    const outcome = await trainAttempt({
      shared,
      run,
      job: jobOf(folder),
      attempt,
      startProcess: options.startProcess,
      checkpointIntervalMs: options.checkpointIntervalMs,
      aliveIntervalMs: ATTEMPT_TIMES.intervalMs,
      signal,
      onProgress: (progress) => options.onProgress(run, progress),
    });
    options.onEnded(run, outcome);
    if (outcome.outcome === "done") report.done.push(run);
    if (outcome.outcome !== "failed") continue;
    report.failed.push({ run, error: outcome.error });
    if (outcome.early && report.done.length === 0) throw unsuitable(outcome.error);
  }
  return report;
}

/** @throws EctopyError `not-found`, `unsupported`, `damaged-file`, `no-access` */
function checkExperiment(shared: string): void {
  const path = join(shared, EXPERIMENT_FILE);
  const experiment = readClusterFile(path, clusterFolderSchema);
  if (experiment === undefined) {
    throw new EctopyError(
      "not-found",
      `There are no runs of an experiment in ${shared}.`,
      "Name the folder that `ectopy search … --on` or the window has made for the experiment.",
    );
  }
  if (experiment.version === version) return;
  throw new EctopyError(
    "unsupported",
    `The experiment is of Ectopy ${experiment.version}, and this is ${version}.`,
    "Install the same version on all machines.",
  );
}

/** Returns the settings of a run, with a backend that this machine has. @throws EctopyError `damaged-file`, `no-access` */
function jobOf(run: string): ClusterRun {
  const path = join(run, RUN_FILE);
  const job = readClusterFile(path, clusterRunSchema);
  if (job !== undefined) return { ...job, settings: withoutLostBackend(job.settings) };
  throw new EctopyError("damaged-file", `${path} is missing.`, "Start the experiment again.");
}

/** Returns the job of the executor that has started this process; empty: none that is known. */
export function executorJob(environment: NodeJS.ProcessEnv): string {
  const { SLURM_ARRAY_JOB_ID: array, SLURM_ARRAY_TASK_ID: task, SLURM_JOB_ID: job } = environment;
  return array !== undefined && task !== undefined ? `${array}_${task}` : (job ?? "");
}

function unsuitable({ message, fix }: ErrorReport): EctopyError {
  return new EctopyError(
    "training-failed",
    `The first run failed on ${hostname()} before its first epoch ended, so this worker begins no other. ${message}`,
    fix,
  );
}
