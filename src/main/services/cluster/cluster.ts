/**
 * Trains the runs of experiments on other machines: writes their folder, has an executor start workers, and collects
 * what they have trained. The workspace may be closed meanwhile.
 */
import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { EctopyError, reportError } from "../../../contract/domain/errors.ts";
import type { Executor } from "../../../contract/domain/executors.ts";
import type { TrainingSettings } from "../../../contract/domain/training.ts";
import { CANCEL_FILE, writeClusterFile } from "../../cluster/cluster-files.ts";
import { startWorkers, stopWorkers, workersState } from "../../cluster/executors/executor.ts";
import { LOGS_FOLDER, type WorkersState } from "../../cluster/executors/worker-plan.ts";
import { writeClusterFolder } from "../../cluster/write-cluster-folder.ts";
import { logger } from "../../base/logger.ts";
import { makePrivateFolder } from "../../base/private-files.ts";
import type { ClusterExperiment, ClusterRunRow } from "../../store/cluster-experiments.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { RunEvent } from "../training/run-queue.ts";
import { collectRun, endRun, type Collected } from "./collect-run.ts";
import { findExecutor } from "./find-executor.ts";

const log = logger("cluster");

/** Starts of workers for one experiment: a job that fails at once is not started for ever. */
const MAX_STARTS = 20;

/** Interval of the collection while the app is open. */
const COLLECT_INTERVAL_MS = 10_000;

/** Runs of an experiment that have not ended, and what the executor reports. */
export interface ClusterProgress {
  experiment: number;
  executor: string;
  open: number;
  running: number;
  /** Null: the executor can't tell, or did not answer. */
  workers: WorkersState | null;
  /** Why the executor did not answer, as text; empty: it did. */
  problem: string;
}

export interface ClusterParts {
  /** Returns the executors of the settings. */
  executors: () => readonly Executor[];
  announce: (event: RunEvent) => void;
  warn: (message: string) => void;
}

export class ClusterService {
  readonly #workspace: Workspace;
  readonly #parts: ClusterParts;
  #timer: NodeJS.Timeout | undefined;
  #collecting: Promise<ClusterProgress[]> | undefined;

  constructor(workspace: Workspace, parts: ClusterParts) {
    this.#workspace = workspace;
    this.#parts = parts;
  }

  /** @throws EctopyError `not-found`: no executor has the name */
  executor(name: string): Executor {
    return findExecutor(this.#parts.executors(), name);
  }

  /**
   * Sends the queued runs of an experiment to an executor.
   * @throws EctopyError `not-found`, `server-refuses`, `not-connected`, `disk-full`, `no-access`: nothing was started, and the
   *   runs remain queued
   */
  async start(experiment: number, executor: Executor): Promise<void> {
    const { experiments, runs, preparations, clusterExperiments } = this.#workspace;
    const queued = experiments.members(experiment).filter(({ status }) => status === "queued");
    const folder = this.#folderOf(experiment, executor);
    const plans = queued.map(({ run }) => {
      const { preparationId, settings } = runs.find(run)!;
      return {
        settings: settled(settings, executor),
        preparation: preparationId,
        fingerprint: preparations.find(preparationId)!.fingerprint,
        preparationFolder: this.#workspace.path("preparations", preparationId),
      };
    });
    try {
      writeClusterFolder(folder, { experiment, runs: plans });
      makePrivateFolder(join(folder, LOGS_FOLDER));
      const workers = await startWorkers(executor, folder, plans.length);
      this.#workspace.transaction(() => {
        const numbers = queued.map(({ run }) => run);
        clusterExperiments.add({ experiment, executor, folder }, numbers);
        clusterExperiments.addWorkers(experiment, workers);
        numbers.forEach((run, i) => runs.setSettings(run, plans[i].settings));
      });
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    log.info(`Experiment ${experiment} was sent to ${executor.name}`);
  }

  /** Returns a new folder for an experiment in the shared one: several workspaces may use it. */
  #folderOf(experiment: number, { folder }: Executor): string {
    const workspace = createHash("sha256").update(`${hostname()} ${this.#workspace.folder}`).digest("hex").slice(0, 8);
    const name = `ectopy-${workspace}-experiment-${experiment}`;
    for (let i = 1; ; i++) {
      const path = join(folder, i === 1 ? name : `${name}-${i}`);
      if (!existsSync(path)) return path;
    }
  }

  /** Collects at intervals, until {@link close}. */
  collectAtIntervals(): void {
    const collect = (): void => {
      if (this.#workspace.clusterExperiments.open().length > 0) void this.collect();
    };
    collect();
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
    // Two collections at the same time would store an event twice.
    this.#collecting ??= this.#collectAll().finally(() => (this.#collecting = undefined));
    return this.#collecting;
  }

  async #collectAll(): Promise<ClusterProgress[]> {
    const open: ClusterProgress[] = [];
    for (const experiment of this.#workspace.clusterExperiments.open()) {
      const progress = await this.#collectExperiment(experiment);
      if (progress.open > 0) open.push(progress);
    }
    return open;
  }

  async #collectExperiment(experimentElsewhere: ClusterExperiment): Promise<ClusterProgress> {
    const { experiment, executor, folder, workers, cancelled } = experimentElsewhere;
    const progress: ClusterProgress = {
      experiment,
      executor: executor.name,
      open: 0,
      running: 0,
      workers: null,
      problem: "",
    };
    try {
      const rows = this.#workspace.clusterExperiments.runs(experiment);
      const states = rows.map((row) => this.#collectRun(folder, row, cancelled));
      progress.open = states.filter((state) => state !== "ended").length;
      progress.running = states.filter((state) => state === "running").length;
      if (progress.open === 0) {
        // It holds beats of patients.
        rmSync(folder, { recursive: true, force: true });
        return progress;
      }
      progress.workers = await workersState(executor, workers);
      const isIdle = progress.workers?.running.length === 0 && progress.workers.waiting === 0;
      if (isIdle && progress.running === 0) await this.#startAgain(experimentElsewhere, progress.open);
    } catch (error) {
      log.warning(`Experiment ${experiment} could not be collected from ${executor.name}`, error);
      progress.open = Math.max(1, progress.open);
      const { message, fix } = reportError(error);
      progress.problem = `${message} ${fix}`.trimEnd();
    }
    return progress;
  }

  #collectRun(shared: string, row: ClusterRunRow, cancelled: boolean): Collected {
    const { run } = row;
    const watch = this.#watch(run);
    const before = this.#workspace.runs.find(run)?.status;
    const collected = collectRun({ workspace: this.#workspace, shared, row, watch });
    const state: Collected = collected === "free" && cancelled ? "ended" : collected;
    if (state !== collected) endRun(this.#workspace, run, "cancelled", null, watch);
    if (this.#workspace.runs.find(run)?.status !== before) this.#parts.announce({ type: "changed", run });
    return state;
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

  async #startAgain({ experiment, executor, folder, workers }: ClusterExperiment, open: number): Promise<void> {
    if (workers.length >= MAX_STARTS) {
      throw new EctopyError(
        "training-failed",
        `The workers of experiment ${experiment} on ${executor.name} ended ${MAX_STARTS} times without a result.`,
        `Their logs are in ${join(folder, LOGS_FOLDER)}. Cancel the experiment to give up.`,
      );
    }
    log.info(`Experiment ${experiment}: no worker is left on ${executor.name}; new ones are started`);
    this.#workspace.clusterExperiments.addWorkers(experiment, await startWorkers(executor, folder, open));
  }

  /**
   * Cancels an experiment: running trainings stop and keep their best epoch, and no other begins. {@link collect} then
   * stores the ends.
   * @throws EctopyError `not-found`: none of its runs is trained elsewhere
   */
  async cancel(experiment: number): Promise<void> {
    const { clusterExperiments } = this.#workspace;
    const found = clusterExperiments.find(experiment);
    const rows = clusterExperiments.runs(experiment);
    if (found === undefined || rows.length === 0) {
      throw new EctopyError(
        "not-found",
        `No run of experiment ${experiment} is trained elsewhere.`,
        "They may have ended.",
      );
    }
    this.#workspace.transaction(() => clusterExperiments.setCancelled(experiment));
    writeClusterFile(join(found.folder, CANCEL_FILE), {});
    await this.#collecting;
    const { open } = await this.#collectExperiment({ ...found, cancelled: true });
    // Waiting workers must not start; running ones end by the file.
    if (open === 0) await stopWorkers(found.executor, found.workers);
  }
}

/** Returns the settings without open ones, so that every machine computes the same. */
function settled(settings: TrainingSettings, { threads }: Executor): TrainingSettings {
  return {
    ...settings,
    backend: settings.backend === "auto" ? "kernels" : settings.backend,
    threads: settings.threads === 0 ? threads : settings.threads,
  };
}
