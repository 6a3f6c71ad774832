/**
 * One running training: its process, the storage of its events in their order, and its checkpoints.
 *
 * Where the disk is full, the training is paused and its events wait; it continues by itself once there is space.
 */
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { EctopyError, errorFromReport, reportError, type ErrorReport } from "../../../contract/domain/errors.ts";
import { systemError } from "../../../contract/domain/system-errors.ts";
import {
  resumedOn,
  type BatchProgress,
  type DeviceInfo,
  type TrainingResult,
} from "../../../contract/domain/training.ts";
import { outOfMemory, isOutOfMemoryText } from "../../../engine/training/memory.ts";
import {
  trainingEventSchema,
  type TrainingCommand,
  type TrainingEvent,
  type TrainingJob,
} from "../../../engine/processes/training-messages.ts";
import type { JobProgress } from "../../../contract/domain/jobs.ts";
import { logger } from "../../base/logger.ts";
import { timestamp } from "../../base/timestamp.ts";
import { entryPoint } from "../../entry-points.ts";
import { environmentWith, type GpuChoice } from "../hardware/gpu.ts";
import {
  describeEnd,
  type ProcessEnd,
  type RunningProcess,
  type StartProcess,
} from "../../workers/processes/start-process.ts";
import type { BinService } from "../workspace/bin.ts";
import { CONTINUED, PAUSED } from "./run-log-messages.ts";
import { logLine, RunRecorder, type RecorderWatch } from "./run-recorder.ts";
import type { StagedFolder } from "../../store/staged-folder.ts";
import type { Workspace } from "../../store/workspace.ts";

const log = logger("training");

export interface RunWatch extends RecorderWatch {
  /** The training has started, and the database has stored that. */
  onBegun: () => void;
  onProgress: (progress: BatchProgress) => void;
  onEvaluating: (progress: JobProgress) => void;
  /** @param reason why the training paused without a request; null: requested */
  onPaused: (reason: EctopyError | null) => void;
  onContinued: () => void;
}

/** The run was suspended at a checkpoint and can be resumed: no failure. */
export class SuspendedError extends Error {
  override readonly name = "SuspendedError";
}

/** Two: where the newest checkpoint is damaged, the one before it is used. */
const MAX_CHECKPOINTS = 2;
/** Interval between two attempts to write to a full disk. */
const DISK_RETRY_INTERVAL_MS = 5000;

export interface TrainingRunOptions {
  workspace: Workspace;
  /** Number of the run. */
  id: number;
  job: TrainingJob;
  gpuChoice: GpuChoice;
  checkpointIntervalMs: number;
  watch: RunWatch;
  startProcess: StartProcess;
  bin: BinService;
}

export class TrainingRun {
  /** Result of the process, once all its events have been stored. */
  readonly finished: Promise<TrainingResult>;
  readonly id: number;
  readonly #workspace: Workspace;
  readonly #job: TrainingJob;
  readonly #gpuChoice: GpuChoice;
  /** Device of the steps before a checkpoint that the run resumes from. */
  readonly #earlierDevice: DeviceInfo | null;
  readonly #recorder: RunRecorder;
  readonly #watch: RunWatch;
  readonly #child: RunningProcess;
  readonly #bin: BinService;
  readonly #timer: NodeJS.Timeout;
  readonly #events: unknown[] = [];
  #staged: StagedFolder | undefined;
  #writing = false;
  /** Paused by the user. */
  #paused = false;
  /** Paused because the disk is full. */
  #blocked = false;
  #suspended = false;
  /** Whether a checkpoint failed on a full disk: the training is paused until one succeeds. */
  #checkpointPending = false;
  #cancelled = false;
  #outcome: TrainingResult | ErrorReport | undefined;
  #storageError: unknown;
  #errorOutput = "";
  /** Largest batch that fits into memory, as the process estimates; infinite before the estimate. */
  #fittingBatch = Infinity;
  #settle!: { resolve: (result: TrainingResult) => void; reject: (error: unknown) => void };
  #ended: ProcessEnd | undefined;

  constructor({ workspace, id, job, gpuChoice, checkpointIntervalMs, watch, startProcess, bin }: TrainingRunOptions) {
    this.id = id;
    this.#job = job;
    this.#gpuChoice = gpuChoice;
    this.#earlierDevice = job.checkpoint === null ? null : (workspace.runs.find(id)?.device ?? null);
    this.#workspace = workspace;
    this.#watch = watch;
    this.#recorder = new RunRecorder(workspace, id, this.#earlierDevice, watch);
    this.finished = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    const environment = environmentWith(gpuChoice, job.settings.threads);
    const program = fileURLToPath(entryPoint("training-process"));
    this.#bin = bin;
    this.#child = startProcess(
      { program, environment, ownGroup: true },
      {
        onMessage: (event) => {
          this.#events.push(event);
          void this.#storeEvents();
        },
        onErrorOutput: (text) => (this.#errorOutput = (this.#errorOutput + text).slice(-4000)),
        onEnd: (end) => {
          this.#ended = end;
          void this.#storeEvents();
        },
      },
    );
    this.#timer = setInterval(() => this.#requestCheckpoint(), checkpointIntervalMs);
    this.#send({ type: "start", job });
  }

  /**
   * Stops at the next step; the best epoch so far is kept and evaluated. A checkpoint is written first: where a second signal
   * ends the process during the evaluation, the run can be resumed.
   */
  cancel(): void {
    this.#cancelled = true;
    this.#requestCheckpoint();
    this.#send({ type: "cancel" });
  }

  /** Pauses after the current step, at a checkpoint. */
  pause(): void {
    this.#paused = true;
    this.#requestCheckpoint();
    this.#send({ type: "pause" });
  }

  /** Ends the process once a checkpoint is stored; {@link finished} then rejects with a {@link SuspendedError}. */
  suspend(): void {
    this.#suspended = true;
    this.pause();
  }

  continue(): void {
    this.#paused = false;
    if (!this.#blocked) this.#send({ type: "continue" });
  }

  #send(command: TrainingCommand): void {
    this.#child.send(command);
  }

  #requestCheckpoint(): void {
    if (this.#staged !== undefined || this.#ended !== undefined) return;
    try {
      this.#staged = this.#workspace.stage("checkpoints");
      this.#send({ type: "checkpoint", folder: this.#staged.path });
    } catch (error) {
      this.#checkpointFailed(error);
    }
  }

  #checkpointFailed(cause: unknown): void {
    this.#staged?.discard();
    this.#staged = undefined;
    const error = systemError(cause, `a checkpoint in ${this.#workspace.folder}`);
    if (isDiskFull(error) && !this.#cancelled) {
      this.#checkpointPending = true;
      this.#block(error);
      setTimeout(() => this.#requestCheckpoint(), DISK_RETRY_INTERVAL_MS).unref();
    } else {
      // The training continues without it: the next checkpoint may succeed.
      log.warning(`Run ${this.id}: no checkpoint was written`, error);
      this.#watch.warn(`No checkpoint was written: ${reportError(error).message}`);
    }
  }

  /** Stores events in their order, and waits while the disk is full. */
  async #storeEvents(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#storageError === undefined) {
      const [event] = this.#events;
      if (event === undefined) break;
      try {
        this.#receive(trainingEventSchema.parse(event));
        this.#events.shift();
      } catch (cause) {
        const error = systemError(cause, `the workspace ${this.#workspace.folder}`);
        if (isDiskFull(error) && !this.#cancelled) {
          this.#block(error);
          await wait(DISK_RETRY_INTERVAL_MS);
        } else {
          // Results that can't be stored need not be computed.
          this.#storageError = error;
          this.#child.kill();
        }
      }
    }
    this.#writing = false;
    if (this.#events.length === 0 && !this.#checkpointPending) this.#unblock();
    if (this.#ended !== undefined) this.#end(this.#ended);
  }

  #block(reason: EctopyError): void {
    if (this.#blocked) return;
    this.#blocked = true;
    this.#send({ type: "pause" });
    // The write is repeated, and then finds the space.
    this.#bin.makeRoom().catch((error: unknown) => this.#watch.warn(reportError(error).message));
    this.#watch.onPaused(reason);
    // Announced, not stored: there is no space for it.
    this.#watch.onLogged(logLine("warning", `${reason.message} ${reason.fix}`));
  }

  #unblock(): void {
    if (!this.#blocked) return;
    this.#blocked = false;
    if (!this.#paused) this.#send({ type: "continue" });
  }

  #receive(event: TrainingEvent): void {
    const { runs } = this.#workspace;
    switch (event.type) {
      case "device":
        this.#recorder.storeDevice(this.#describe(event.device));
        break;
      case "warning":
        this.#watch.onLogged(logLine("warning", event.message));
        this.#watch.warn(event.message);
        break;
      case "memory":
        this.#fittingBatch = event.fittingBatch;
        break;
      case "progress":
        this.#watch.onProgress(event.progress);
        break;
      case "evaluating":
        this.#watch.onEvaluating(event.progress);
        break;
      case "steps":
        this.#recorder.storeSteps(event.curves);
        break;
      case "epoch":
        this.#recorder.storeEpoch(event.metrics);
        break;
      case "paused":
        if (this.#blocked) break;
        this.#recorder.storeWithEntry(logLine("note", PAUSED), () => runs.setPaused(this.id, true));
        this.#watch.onPaused(null);
        // The checkpoint was stored before: nothing is lost.
        if (this.#suspended) this.#child.kill();
        break;
      case "continued":
        this.#recorder.storeWithEntry(logLine("note", CONTINUED), () => runs.setPaused(this.id, false));
        this.#watch.onContinued();
        break;
      case "checkpoint":
        this.#storeCheckpoint(event);
        break;
      case "checkpoint-failed":
        this.#checkpointFailed(errorFromReport(event.error));
        break;
      case "done":
        this.#outcome = { ...event.result, device: this.#describe(event.result.device) };
        break;
      case "failed":
        this.#outcome = event.error;
        break;
    }
  }

  #describe(device: DeviceInfo): DeviceInfo {
    return resumedOn(withGpu(device, this.#gpuChoice), this.#earlierDevice);
  }

  #storeCheckpoint({ sha256, epochs, steps }: Extract<TrainingEvent, { type: "checkpoint" }>): void {
    if (this.#staged === undefined) return;
    const { checkpoints } = this.#workspace;
    try {
      this.#workspace.keep("checkpoints", this.#staged, () =>
        checkpoints.add({ runId: this.id, sha256, epochs, steps, createdAt: timestamp() }),
      );
      this.#staged = undefined;
      this.#checkpointPending = false;
      for (const { id } of checkpoints.ofRun(this.id).slice(MAX_CHECKPOINTS)) {
        this.#workspace.remove("checkpoints", id, () => checkpoints.remove(id));
      }
    } catch (error) {
      this.#checkpointFailed(error);
    }
  }

  #end(end: ProcessEnd): void {
    clearInterval(this.#timer);
    this.#staged?.discard();
    const outcome = this.#outcome;
    if (this.#storageError !== undefined) this.#settle.reject(this.#storageError);
    else if (outcome === undefined && this.#suspended) this.#settle.reject(new SuspendedError());
    else if (outcome === undefined) this.#settle.reject(end.error ?? this.#crashed(end));
    else if ("code" in outcome) this.#settle.reject(errorFromReport(outcome));
    else this.#settle.resolve(outcome);
  }

  #crashed(end: ProcessEnd): EctopyError {
    const { batch } = this.#job.settings;
    log.error(`Run ${this.id}: the training process ended ${describeEnd(end)}\n${this.#errorOutput}`);
    if (isOutOfMemoryText(this.#errorOutput)) {
      return outOfMemory("The training process ran out of memory.", batch, this.#fittingBatch);
    }
    if (end.signal === "SIGKILL") {
      const killed = "The training process was killed (SIGKILL), most likely because memory ran out.";
      return outOfMemory(killed, batch, this.#fittingBatch);
    }
    const why = this.#errorOutput.trim().split("\n").at(-1) ?? "";
    return new EctopyError(
      "training-failed",
      `The training process ended ${describeEnd(end)}${why === "" ? "." : `: ${why}`}`,
      "Resume the run. If it fails again, please report it with the log (`ectopy log`).",
    );
  }
}

function withGpu(device: DeviceInfo, { gpu, reason, withoutCudnn }: GpuChoice): DeviceInfo {
  if (device.backend === "webgpu") return device;
  if (gpu === null) return { ...device, withoutGpu: reason };
  if (device.backend !== "tensorflow") return { ...device, withoutGpu: "the backend computes on the processor" };
  return { ...device, gpu, ...(withoutCudnn === "" ? {} : { withoutCudnn }) };
}

function isDiskFull(error: unknown): error is EctopyError {
  return error instanceof EctopyError && error.code === "disk-full";
}
