/**
 * Trains the runs of experiments on other machines: writes their folder, has an executor start workers, and collects
 * what they have trained. The workspace may be closed meanwhile.
 */
import { existsSync } from "node:fs";
import { access, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as yieldToOthers } from "node:timers/promises";
import type {
  ClusterExperimentState,
  ClusterProgress,
  ClusterRunProgress,
  ClusterSending,
  WorkerLog,
} from "../../../contract/domain/cluster.ts";
import { EctopyError, reportError, type ErrorReport } from "../../../contract/domain/errors.ts";
import type { Executor } from "../../../contract/domain/executors.ts";
import type { ReportProgress } from "../../../contract/domain/jobs.ts";
import { systemError } from "../../../contract/domain/system-errors.ts";
import { readDescription } from "../../../engine/training/preparation-files.ts";
import { logger } from "../../base/logger.ts";
import { notFound } from "../../base/not-found.ts";
import { timestamp } from "../../base/timestamp.ts";
import { CANCEL_FILE, EXPERIMENT_FILE, runFolder, writeClusterFile } from "../../cluster/cluster-files.ts";
import { startWorkers, stopWorkers, workersState, type ReportedWorkers } from "../../cluster/executors/executor.ts";
import { bytesToSend } from "../../cluster/write-cluster-folder.ts";
import type { ClusterExperiment, ClusterRunRow } from "../../store/cluster-experiments.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { RunEvent } from "../training/run-queue.ts";
import { collectRun, endRun } from "./collect-run.ts";
import { findExecutor } from "./find-executor.ts";
import { restartWorkers } from "./restart-workers.ts";
import { sendExperiment } from "./send-experiment.ts";
import { takeCheckpoint } from "./take-checkpoint.ts";
import { logOf, workerLogs } from "./worker-logs.ts";

const log = logger("cluster");

/** Interval of the collection while the app is open. */
const COLLECT_INTERVAL_MS = 10_000;

export interface ClusterParts {
  /** Returns the executors of the settings. */
  executors: () => readonly Executor[];
  announce: (event: RunEvent) => void;
  /** The state of an experiment on other machines has changed. */
  changed: (experiment: number) => void;
  warn: (message: string) => void;
}

interface Watch {
  progress: ReportProgress;
  signal: AbortSignal;
}

/** What was found at the latest collection. */
interface Collected {
  progress: ClusterProgress;
  at: string;
}

export class ClusterService {
  readonly #workspace: Workspace;
  readonly #parts: ClusterParts;
  /** Experiments whose folder is being written. */
  readonly #sending = new Set<number>();
  readonly #latest = new Map<number, Collected>();
  #timer: NodeJS.Timeout | undefined;
  #hasLookedForFolders = false;
  #collecting: Promise<unknown> = Promise.resolve();

  constructor(workspace: Workspace, parts: ClusterParts) {
    this.#workspace = workspace;
    this.#parts = parts;
  }

  /** @throws EctopyError `not-found`: no executor has the name */
  executor(name: string): Executor {
    return findExecutor(this.#parts.executors(), name);
  }

  /** Returns what is copied for runs on a preparation. @throws EctopyError `not-found`, `no-access` */
  sending(preparation: number): ClusterSending {
    const { preparations } = this.#workspace;
    const found = preparations.find(preparation);
    if (found === undefined) throw notFound("preparation", preparation);
    const folder = this.#workspace.path("preparations", preparation);
    return { bytes: bytesToSend(folder), recordings: readDescription(folder).records.length };
  }

  /**
   * Sends the queued runs of an experiment to an executor. Where that fails, the runs are cancelled, and nothing is left in
   * the shared folder.
   * @throws EctopyError `not-found`, `server-refuses`, `server-unsuitable`, `unsupported`, `not-connected`, `disk-full`,
   *   `no-access`; CancelledError
   */
  async start(experiment: number, executor: Executor, { progress, signal }: Watch): Promise<void> {
    const { experiments } = this.#workspace;
    const queued = experiments.members(experiment).filter(({ status }) => status === "queued");
    const numbers = queued.map(({ run }) => run);
    this.#sending.add(experiment);
    try {
      await sendExperiment({ workspace: this.#workspace, experiment, executor, progress, signal }, numbers);
    } catch (error) {
      for (const run of numbers) this.#end(run);
      throw error;
    } finally {
      this.#sending.delete(experiment);
      this.#parts.changed(experiment);
    }
    log.info(`Experiment ${experiment} was sent to ${executor.name}`);
  }

  /** Stores that a run was cancelled. */
  #end(run: number): void {
    endRun(this.#workspace, run, { status: "cancelled" }, this.#watch(run));
    this.#parts.announce({ type: "changed", run });
  }

  /** Collects at intervals, until {@link close}. */
  collectAtIntervals(): void {
    const collect = (): void => {
      if (this.#workspace.clusterExperiments.open().length > 0) void this.collect();
    };
    void this.collect();
    this.#timer = setInterval(collect, COLLECT_INTERVAL_MS);
  }

  /** Waits for the collection that is running. The workers continue. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#collecting;
  }

  /**
   * Stores what the workers have trained since the last time, starts workers again where none is left, and deletes the
   * folders of experiments that have ended.
   * @returns the experiments that have not ended
   */
  collect(): Promise<ClusterProgress[]> {
    return this.#alone(async () => {
      await this.#deleteLeftFolders();
      const open: ClusterProgress[] = [];
      for (const experiment of this.#workspace.clusterExperiments.open()) {
        if (this.#sending.has(experiment.experiment)) continue;
        const progress = await this.#collectExperiment(experiment);
        if (progress.open > 0) open.push(progress);
      }
      return open;
    });
  }

  /** Does work after the one before it: two collections at the same time would store an event twice. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#collecting.then(work);
    this.#collecting = next.catch(() => {});
    return next;
  }

  async #collectExperiment(of: ClusterExperiment): Promise<ClusterProgress> {
    const { experiment, executor, folder, workers } = of;
    const progress: ClusterProgress = {
      experiment,
      executor: executor.name,
      open: 0,
      running: 0,
      workers: null,
      problem: "",
      runs: [],
    };
    try {
      if (workers.length === 0 && !existsSync(join(folder, EXPERIMENT_FILE))) {
        await this.#giveUpSending(of);
        return progress;
      }
      await this.#collectRuns(of, progress);
      if (progress.open === 0) {
        await this.#deleteCollected(of);
        return progress;
      }
      const reported = await workersState(executor, workers, folder);
      progress.workers = reported?.state ?? null;
      if (reported === null) return progress;
      await this.#restart(of, progress, reported);
      // The last runs may have failed on the only machine.
      progress.open = this.#workspace.clusterExperiments.runs(experiment).length;
      if (progress.open === 0) await this.#deleteCollected(of);
    } catch (error) {
      log.warning(`Experiment ${experiment} could not be collected from ${executor.name}`, error);
      progress.open = Math.max(1, this.#workspace.clusterExperiments.runs(experiment).length);
      progress.problem = problemText(error);
    } finally {
      this.#latest.set(experiment, { progress, at: timestamp() });
      this.#parts.changed(experiment);
    }
    return progress;
  }

  /**
   * Deletes folders of ended experiments that are still there, once: the app may have been killed between the end of the last run
   * and the deletion, or the shared disk was away.
   */
  async #deleteLeftFolders(): Promise<void> {
    if (this.#hasLookedForFolders) return;
    this.#hasLookedForFolders = true;
    for (const experiment of this.#workspace.clusterExperiments.ended()) {
      // Not at once: the start of the app would wait for a shared disk that does not answer.
      const isThere = await access(experiment.folder).then(
        () => true,
        () => false,
      );
      if (isThere) await this.#deleteCollected(experiment);
    }
  }

  /** Deletes the folder of an experiment that has ended: it holds beats of patients. */
  async #deleteCollected({ experiment, folder }: ClusterExperiment): Promise<void> {
    try {
      await deleteFolder(folder);
    } catch (error) {
      const { message } = reportError(error);
      this.#parts.warn(`The folder of experiment ${experiment} on the shared disk was not deleted: ${message}`);
    }
  }

  async #collectRuns(of: ClusterExperiment, progress: ClusterProgress): Promise<void> {
    for (const row of this.#workspace.clusterExperiments.runs(of.experiment)) {
      const found = this.#collectRun(of, row);
      if (found !== null) progress.runs.push(found);
      // An experiment may have a thousand runs on a slow disk, and windows ask meanwhile.
      await yieldToOthers();
    }
    progress.open = progress.runs.length;
    progress.running = progress.runs.filter(({ state }) => state === "running").length;
  }

  #collectRun(experiment: ClusterExperiment, row: ClusterRunRow): ClusterRunProgress | null {
    const { run } = row;
    const before = this.#workspace.runs.find(run)?.status;
    const found = collectRun({ workspace: this.#workspace, experiment, row, watch: this.#watch(run) });
    if (this.#workspace.runs.find(run)?.status !== before) this.#parts.announce({ type: "changed", run });
    return found;
  }

  #watch(run: number): Parameters<typeof collectRun>[0]["watch"] {
    const { announce, warn } = this.#parts;
    return {
      onSteps: (curves) => announce({ type: "steps", run, curves }),
      onEpoch: (metrics) => announce({ type: "epoch", run, metrics }),
      onLogged: (entry) => announce({ type: "logged", run, entry }),
      warn,
    };
  }

  /** Ends an experiment whose folder an ended process has not written to its end: its runs can be trained here. */
  async #giveUpSending({ experiment, folder }: ClusterExperiment): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    for (const { run } of this.#workspace.clusterExperiments.runs(experiment)) this.#interrupt(run);
    this.#parts.warn(
      `Experiment ${experiment} was not sent: Ectopy was closed meanwhile. Its runs can be resumed here.`,
    );
  }

  #interrupt(run: number): void {
    const { runs, clusterExperiments, runMachines } = this.#workspace;
    this.#workspace.transaction(() => {
      runs.interrupt(run);
      clusterExperiments.removeRun(run);
      runMachines.remove(run);
    });
    this.#parts.announce({ type: "changed", run });
  }

  async #restart(of: ClusterExperiment, progress: ClusterProgress, reported: ReportedWorkers): Promise<void> {
    const [silent] = reported.silent;
    if (silent !== undefined) progress.problem = problemText(silent.error);
    const fail = (run: number, error: ErrorReport, job: string): void => {
      const end = { status: "failed" as const, error, log: logOf(of.folder, job) };
      endRun(this.#workspace, run, end, this.#watch(run));
      this.#parts.announce({ type: "changed", run });
    };
    await restartWorkers({ workspace: this.#workspace, experiment: of, progress, reported, fail });
  }

  /** Returns whether other machines are to train runs of an experiment. */
  isOpen(experiment: number): boolean {
    return this.#workspace.clusterExperiments.runs(experiment).length > 0;
  }

  /** Returns whether another machine is to train a run. */
  trains(run: number): boolean {
    return this.#workspace.clusterExperiments.ofRun(run) !== undefined;
  }

  /** Returns an experiment that was sent to an executor, as of the latest collection; null: it was not sent. */
  state(experiment: number): ClusterExperimentState | null {
    const { clusterExperiments } = this.#workspace;
    const found = clusterExperiments.find(experiment);
    if (found === undefined) return null;
    const { executor, folder, cancelled } = found;
    const { progress, at } = this.#latest.get(experiment) ?? { progress: null, at: null };
    const open = new Set(clusterExperiments.runs(experiment).map(({ run }) => run));
    const runs = progress?.runs.filter(({ run }) => open.has(run)) ?? [];
    return {
      experiment,
      executor: executor.name,
      kind: executor.kind,
      folder,
      folderExists: existsSync(folder),
      cancelled,
      open: open.size,
      running: runs.filter(({ state }) => state === "running").length,
      workers: progress?.workers ?? null,
      problem: progress?.problem ?? "",
      runs,
      collectedAt: at,
    };
  }

  /** Returns the ends of the workers' logs, newest first. @throws EctopyError `not-found`: it was not sent */
  logs(experiment: number): WorkerLog[] {
    return workerLogs(this.#sent(experiment).folder);
  }

  /**
   * Cancels an experiment: running trainings stop and keep their best epoch, and no other begins. {@link collect} then
   * stores the ends.
   * @throws EctopyError `not-found`: none of its runs is trained elsewhere; `no-access`, `disk-full`
   */
  async cancel(experiment: number): Promise<void> {
    const found = this.#open(experiment);
    this.#workspace.transaction(() => this.#workspace.clusterExperiments.setCancelled(experiment));
    writeClusterFile(join(found.folder, CANCEL_FILE), {});
    await this.#alone(async () => {
      const { open } = await this.#collectExperiment({ ...found, cancelled: true });
      // Waiting workers must not start; running ones end by the file.
      if (open === 0) await stopWorkers(found.executor, found.workers);
    });
  }

  /** Cancels a run as {@link cancel} does. @throws EctopyError `not-found`: it is not trained elsewhere; `no-access`, `disk-full` */
  async cancelRun(run: number): Promise<void> {
    const found = this.#workspace.clusterExperiments.ofRun(run);
    if (found === undefined) {
      throw new EctopyError("not-found", `No other machine trains run ${run}.`, "It may have ended.");
    }
    const experiment = this.#open(found.experiment);
    writeClusterFile(join(runFolder(experiment.folder, found.number), CANCEL_FILE), {});
    await this.#alone(() => this.#collectExperiment(experiment));
  }

  /**
   * Starts workers again, such as those of a launcher, which can't tell whether any is left.
   * @throws EctopyError `not-found`, `server-refuses`, `not-connected`
   */
  async startWorkers(experiment: number): Promise<void> {
    const { executor, folder } = this.#open(experiment);
    const { clusterExperiments } = this.#workspace;
    const open = clusterExperiments.runs(experiment).length;
    clusterExperiments.addWorkers(experiment, await startWorkers(executor, folder, open));
    await this.collect();
  }

  /**
   * Takes the open runs back, to be resumed on this machine from their checkpoints, as far as the shared folder can be read.
   * Stops the workers, as far as the executor answers, and deletes the folder.
   * @returns the runs, which are interrupted
   * @throws EctopyError `not-found`: none of its runs is trained elsewhere
   */
  async takeBack(experiment: number): Promise<number[]> {
    const of = this.#open(experiment);
    return this.#alone(async () => {
      const { clusterExperiments } = this.#workspace;
      const stopped = stopWorkers(of.executor, of.workers);
      try {
        writeClusterFile(join(of.folder, CANCEL_FILE), {});
      } catch (error) {
        log.warning(`Experiment ${experiment}: the workers can't be asked to stop`, error);
      }
      const taken: number[] = [];
      for (const row of clusterExperiments.runs(experiment)) {
        if (this.#endedThere(of, row)) continue;
        takeCheckpoint(this.#workspace, of, row);
        this.#interrupt(row.run);
        taken.push(row.run);
        await yieldToOthers();
      }
      await stopped;
      await rm(of.folder, { recursive: true, force: true, maxRetries: 3 }).catch((error: unknown) =>
        log.warning(`The folder of experiment ${experiment} was not deleted`, error),
      );
      this.#latest.delete(experiment);
      this.#parts.changed(experiment);
      return taken;
    });
  }

  /** Stores what a cluster folder has of a run, if it can be read. @returns whether the run has ended */
  #endedThere(of: ClusterExperiment, row: ClusterRunRow): boolean {
    try {
      return this.#collectRun({ ...of, cancelled: false }, row) === null;
    } catch (error) {
      log.warning(`Run ${row.run} could not be collected`, error);
      return false;
    }
  }

  /**
   * Deletes the folder of an experiment on the shared disk at once. Its open runs are cancelled, and what was not collected is
   * lost.
   * @throws EctopyError `not-found`, `no-access`
   */
  async deleteFolder(experiment: number): Promise<void> {
    const { executor, folder, workers } = this.#sent(experiment);
    await this.#alone(async () => {
      const rows = this.#workspace.clusterExperiments.runs(experiment);
      if (rows.length > 0) await stopWorkers(executor, workers);
      await deleteFolder(folder);
      for (const { run } of rows) this.#end(run);
      this.#latest.delete(experiment);
      this.#parts.changed(experiment);
    });
  }

  /** @throws EctopyError `not-found` */
  #sent(experiment: number): ClusterExperiment {
    const found = this.#workspace.clusterExperiments.find(experiment);
    if (found !== undefined) return found;
    throw new EctopyError("not-found", `Experiment ${experiment} was trained on this machine.`, "");
  }

  /** @throws EctopyError `not-found`: none of its runs is trained elsewhere */
  #open(experiment: number): ClusterExperiment {
    const { clusterExperiments } = this.#workspace;
    const found = clusterExperiments.find(experiment);
    if (found !== undefined && clusterExperiments.runs(experiment).length > 0) return found;
    const message = `No run of experiment ${experiment} is trained elsewhere.`;
    throw new EctopyError("not-found", message, "They may have ended.");
  }
}

/** @throws EctopyError `no-access` */
async function deleteFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    throw systemError(error, folder);
  }
}

function problemText(error: unknown): string {
  const { message, fix } = reportError(error);
  return `${message} ${fix}`.trimEnd();
}
