/** Trains a run of a cluster folder: its process, its events in files, and its checkpoints. */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EctopyError, errorFromReport, reportError, type ErrorReport } from "../../contract/domain/errors.ts";
import { sharedFolderError } from "./shared-folder-error.ts";
import type { BatchProgress, TrainingResult } from "../../contract/domain/training.ts";
import { trainingEnvironment } from "../../engine/processes/process-environment.ts";
import {
  trainingEventSchema,
  type TrainingCommand,
  type TrainingEvent,
} from "../../engine/processes/training-messages.ts";
import { PRIVATE_FOLDER_MODE, tightenTree } from "../base/private-files.ts";
import { entryPoint } from "../entry-points.ts";
import { syncTree } from "../store/disk.ts";
import { hashFolder } from "../store/manifest.ts";
import { version } from "../version.ts";
import {
  describeEnd,
  type ProcessEnd,
  type RunningProcess,
  type StartProcess,
} from "../workers/processes/start-process.ts";
import type { Attempt } from "./attempts.ts";
import { EventLog } from "./event-log.ts";
import { latestCheckpoint } from "./latest-checkpoint.ts";
import {
  CANCEL_FILE,
  CHECKPOINT_FILE,
  dataFolder,
  EVENTS_FILE,
  OUTPUT_FOLDER,
  RESULT_FILE,
  runFolder,
  writeClusterFile,
  writeClusterFileOnce,
  type ClusterCheckpoint,
  type ClusterRun,
  type ClusterResult,
} from "./cluster-files.ts";

/** How an attempt ended. */
export type AttemptOutcome =
  | { outcome: "done"; result: TrainingResult }
  /** At a checkpoint, on request. */
  | { outcome: "stopped" }
  /** @param early before its first epoch ended: the machine may be unsuitable */
  | { outcome: "failed"; error: ErrorReport; early: boolean }
  /** Another worker has begun a later attempt. */
  | { outcome: "replaced" };

export interface AttemptOptions {
  shared: string;
  /** Number of the run in the cluster folder. */
  run: number;
  job: ClusterRun;
  attempt: Attempt;
  /** Starts the process of the run ({@link TrainingProcesses}). */
  startProcess: StartProcess;
  checkpointIntervalMs: number;
  /** Interval between two signs of life. */
  aliveIntervalMs: number;
  /** Stops at a checkpoint when aborted. */
  signal: AbortSignal;
  onProgress: (progress: BatchProgress) => void;
}

/** Two: where the newest checkpoint is damaged, the one before it is used. */
const MAX_CHECKPOINTS = 2;
/** Interval between two looks for a request to cancel. */
const CANCEL_INTERVAL_MS = 5000;
/** Time for the last checkpoint after a request to stop. Slurm's usual notice before it kills is 30 s or more. */
const STOP_TIMEOUT_MS = 25_000;

/**
 * Trains a run from the latest checkpoint of its attempts, or from the beginning. The result is the same as without an
 * interruption.
 * @throws EctopyError `disk-full`, `no-access`: the cluster folder can't be written; the run may be continued
 */
export function trainAttempt(options: AttemptOptions): Promise<AttemptOutcome> {
  return new AttemptTraining(options).outcome;
}

class AttemptTraining {
  readonly outcome: Promise<AttemptOutcome>;
  readonly #options: AttemptOptions;
  readonly #folder: string;
  readonly #run: string;
  readonly #events: EventLog;
  readonly #child: RunningProcess;
  readonly #timers: NodeJS.Timeout[];
  readonly #settle: PromiseWithResolvers<AttemptOutcome>;
  #checkpoints = 0;
  /** Folder of the checkpoint that is being written. */
  #writing: string | null = null;
  #progress: BatchProgress | null = null;
  #stopping = false;
  #replaced = false;
  #cancelled = false;
  #epochs: number;
  #result: TrainingResult | ErrorReport | undefined;
  #folderError: unknown;
  #errorOutput = "";

  constructor(options: AttemptOptions) {
    const { shared, run, job, attempt, startProcess, checkpointIntervalMs, aliveIntervalMs, signal } = options;
    this.#options = options;
    this.#folder = attempt.folder;
    this.#run = runFolder(shared, run);
    this.#settle = Promise.withResolvers<AttemptOutcome>();
    this.outcome = this.#settle.promise;
    const checkpoint = latestCheckpoint(this.#run, attempt.number - 1);
    this.#epochs = checkpoint?.epochs ?? 0;
    this.#events = new EventLog(
      join(this.#folder, EVENTS_FILE),
      checkpoint && { path: join(checkpoint.attempt, EVENTS_FILE), bytes: checkpoint.events.bytes },
    );
    const outputFolder = this.#outputAside;
    try {
      mkdirSync(outputFolder, { mode: PRIVATE_FOLDER_MODE });
    } catch (error) {
      throw sharedFolderError(error, outputFolder);
    }
    const usesGpu = job.settings.backend === "tensorflow";
    const environment = trainingEnvironment({ threads: job.settings.threads, gpu: usesGpu, cudnn: usesGpu });
    this.#child = startProcess(
      { program: fileURLToPath(entryPoint("training-process")), environment, ownGroup: true },
      {
        onMessage: (event) => this.#guarded(() => this.#receive(trainingEventSchema.parse(event))),
        onErrorOutput: (text) => (this.#errorOutput = (this.#errorOutput + text).slice(-4000)),
        onEnd: (end) => this.#end(end),
      },
    );
    this.#timers = [
      setInterval(() => this.#guarded(() => this.#checkpoint()), checkpointIntervalMs),
      setInterval(() => this.#guarded(() => this.#showLife()), aliveIntervalMs),
      setInterval(() => this.#guarded(() => this.#lookForCancel()), Math.min(aliveIntervalMs, CANCEL_INTERVAL_MS)),
    ];
    signal.addEventListener("abort", this.#stop);
    this.#send({
      type: "start",
      job: {
        settings: job.settings,
        preparation: job.preparation,
        preparationFolder: dataFolder(shared, job.fingerprint),
        dataFingerprint: job.fingerprint,
        outputFolder,
        version,
        checkpoint: checkpoint && { folder: join(checkpoint.attempt, checkpoint.folder), sha256: checkpoint.sha256 },
        imported: null,
        initial: null,
        adapter: null,
      },
      keep: true,
    });
    if (signal.aborted) this.#stop();
  }

  get #outputAside(): string {
    return join(this.#folder, `${OUTPUT_FOLDER}.partial`);
  }

  #send(command: TrainingCommand): void {
    this.#child.send(command);
  }

  /** Runs work on the cluster folder's files; where it fails, the training ends: its results could not be stored. */
  #guarded(work: () => void): void {
    if (this.#folderError !== undefined || this.#replaced) return;
    try {
      work();
    } catch (error) {
      this.#folderError = sharedFolderError(error, this.#folder);
      this.#child.kill();
    }
  }

  readonly #stop = (): void => {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#timers.push(setTimeout(() => this.#child.kill(), STOP_TIMEOUT_MS));
    this.#guarded(() => this.#checkpoint());
    this.#send({ type: "pause" });
  };

  #checkpoint(): void {
    if (this.#writing !== null) return;
    this.#writing = `checkpoint-${++this.#checkpoints}`;
    const folder = join(this.#folder, this.#writing);
    mkdirSync(folder, { mode: PRIVATE_FOLDER_MODE });
    this.#send({ type: "checkpoint", folder });
  }

  /** Shows life unless a later attempt has begun. */
  #showLife(): void {
    const { attempt } = this.#options;
    if (attempt.isReplaced) {
      this.#replaced = true;
      this.#child.kill();
      return;
    }
    attempt.showLife(this.#progress);
  }

  #lookForCancel(): void {
    const { shared } = this.#options;
    if (!this.#cancelled && isCancelled(shared, this.#run)) {
      this.#cancelled = true;
      this.#send({ type: "cancel" });
    }
  }

  #receive(event: TrainingEvent): void {
    this.#events.add(event);
    switch (event.type) {
      case "progress":
        this.#progress = event.progress;
        this.#options.onProgress(event.progress);
        break;
      case "epoch":
        this.#epochs++;
        break;
      case "checkpoint":
        this.#keepCheckpoint(event);
        break;
      case "checkpoint-failed":
        throw errorFromReport(event.error);
      case "paused":
        // The checkpoint was stored before: nothing is lost.
        if (this.#stopping) this.#child.kill();
        break;
      case "done":
        this.#result = event.result;
        break;
      case "failed":
        this.#result = aboutCopy(event.error);
        break;
      default:
        // The others are in the events' file, or say nothing that outlasts the training.
        break;
    }
  }

  #keepCheckpoint({ sha256, epochs, steps }: Extract<TrainingEvent, { type: "checkpoint" }>): void {
    const folder = this.#writing!;
    this.#writing = null;
    syncTree(join(this.#folder, folder));
    const content: ClusterCheckpoint = { folder, sha256, epochs, steps, events: this.#events.written };
    writeClusterFile(join(this.#folder, CHECKPOINT_FILE), content);
    const old = this.#checkpoints - MAX_CHECKPOINTS;
    if (old > 0) rmSync(join(this.#folder, `checkpoint-${old}`), { recursive: true, force: true });
  }

  #end(end: ProcessEnd): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#options.signal.removeEventListener("abort", this.#stop);
    const { attempt } = this.#options;
    try {
      const events = this.#events.close();
      if (this.#replaced) return this.#settle.resolve({ outcome: "replaced" });
      if (this.#folderError !== undefined) return this.#settle.reject(this.#folderError);
      const result = this.#result;
      if (result !== undefined && !("code" in result)) {
        this.#keepResult(result, events);
        return this.#settle.resolve({ outcome: "done", result });
      }
      if (result === undefined && this.#stopping) {
        attempt.end({ outcome: "stopped" });
        return this.#settle.resolve({ outcome: "stopped" });
      }
      const error = result ?? reportError(this.#crashed(end));
      attempt.end({ outcome: "failed", host: attempt.owner.host, error });
      this.#settle.resolve({ outcome: "failed", error, early: this.#epochs === 0 });
    } catch (error) {
      this.#settle.reject(sharedFolderError(error, this.#folder));
    }
  }

  #keepResult(result: TrainingResult, events: ClusterResult["events"]): void {
    const { attempt } = this.#options;
    const output = join(this.#folder, OUTPUT_FOLDER);
    tightenTree(this.#outputAside);
    syncTree(this.#outputAside);
    renameSync(this.#outputAside, output);
    const content: ClusterResult = {
      attempt: attempt.number,
      owner: attempt.owner,
      result,
      files: hashFolder(output),
      events,
    };
    writeClusterFileOnce(join(this.#run, RESULT_FILE), content);
  }

  #crashed(end: ProcessEnd): EctopyError {
    const last = this.#errorOutput.trim().split("\n").at(-1) ?? "";
    const memory = end.signal === "SIGKILL" ? ", most likely because memory ran out" : "";
    return new EctopyError(
      "training-failed",
      `The training process ended ${describeEnd(end)}${memory}${last === "" ? "." : `: ${last}`}`,
      "The log of the worker has its last output.",
    );
  }
}

/** Returns the error with a remedy that suits a cluster folder: its copy of the preparation is not the workspace's. */
function aboutCopy(error: ErrorReport): ErrorReport {
  if (error.subject?.kind !== "preparations") return error;
  return { ...error, fix: "Start the experiment again: its data are then copied again." };
}

/** Returns whether the user has cancelled the run or its experiment. */
export function isCancelled(shared: string, run: string): boolean {
  return existsSync(join(shared, CANCEL_FILE)) || existsSync(join(run, CANCEL_FILE));
}
