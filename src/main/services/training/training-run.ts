/**
 * One training under way: its process, what it says written down as it comes, its checkpoints, and what it is told.
 *
 * Where the disk is full, the training stands still and what it said waits; it goes on by itself once there is space.
 */
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { EctopyError, errorFromReport, reportError, type ErrorReport } from "../../../contract/domain/errors.ts";
import { systemError } from "../../../contract/domain/system-errors.ts";
import type { RunLogEntry } from "../../../contract/domain/runs.ts";
import type {
  BatchProgress,
  DeviceInfo,
  EpochMetrics,
  StepCurves,
  TrainingResult,
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
import { entryPoint } from "../../entry-points.ts";
import { environmentWith, type GpuChoice } from "../hardware/gpu.ts";
import {
  describeEnd,
  type ProcessEnd,
  type RunningProcess,
  type StartProcess,
} from "../../workers/processes/start-process.ts";
import type { BinService } from "../workspace/bin.ts";
import { bestSoFar, CONTINUED, PAUSED, trainsOn } from "./run-log-messages.ts";
import type { StagedFolder } from "../../store/staged-folder.ts";
import type { Workspace } from "../../store/workspace.ts";

const log = logger("training");

export interface RunWatch {
  /** It is under way, and the database says so. */
  onBegun: () => void;
  onProgress: (progress: BatchProgress) => void;
  onEvaluating: (progress: JobProgress) => void;
  onSteps: (curves: StepCurves) => void;
  onEpoch: (metrics: EpochMetrics) => void;
  /** @param reason why it stands still where nobody asked for it */
  onPaused: (reason: EctopyError | null) => void;
  onContinued: () => void;
  /** A line was added to its log. */
  onLogged: (entry: RunLogEntry) => void;
  warn: (message: string) => void;
}

/** The run was left with a checkpoint, to be taken up again: no failure. */
export class SuspendedError extends Error {
  override readonly name = "SuspendedError";
}

/** A checkpoint that turns out to be damaged leaves the one before it. */
const CHECKPOINTS_KEPT = 2;
/** How often a full disk is tried again, in ms. */
const TRY_AGAIN_EVERY = 5000;

export class TrainingRun {
  /** The process's result, once everything it said has been written down. */
  readonly finished: Promise<TrainingResult>;
  readonly id: number;
  readonly #workspace: Workspace;
  readonly #job: TrainingJob;
  readonly #trainsOn: GpuChoice;
  readonly #watch: RunWatch;
  readonly #child: RunningProcess;
  readonly #bin: BinService;
  readonly #timer: NodeJS.Timeout;
  readonly #events: unknown[] = [];
  #staged: StagedFolder | undefined;
  #writing = false;
  /** Asked for by the user, and by a full disk. */
  #paused = false;
  #held = false;
  #suspended = false;
  /** One failed for want of space: the training stands still until one succeeds. */
  #owesCheckpoint = false;
  #cancelled = false;
  #outcome: TrainingResult | ErrorReport | undefined;
  #unwritten: unknown;
  #lastWords = "";
  /** Of the epochs so far. */
  #lowestLoss: number;
  /** By the process's estimate; until it is told, nothing is known. */
  #fittingBatch = Infinity;
  #settle!: { resolve: (result: TrainingResult) => void; reject: (error: unknown) => void };
  #ended: ProcessEnd | undefined;

  /** @param checkpointEvery in ms */
  constructor(
    workspace: Workspace,
    id: number,
    job: TrainingJob,
    trainsOn: GpuChoice,
    checkpointEvery: number,
    watch: RunWatch,
    { startProcess, bin }: { startProcess: StartProcess; bin: BinService },
  ) {
    this.id = id;
    this.#job = job;
    this.#trainsOn = trainsOn;
    this.#workspace = workspace;
    this.#watch = watch;
    this.#lowestLoss = workspace.runs
      .epochs(id)
      .reduce((lowest, { validationLoss }) => Math.min(lowest, validationLoss), Infinity);
    this.finished = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    const environment = environmentWith(trainsOn, job.settings.threads);
    const program = fileURLToPath(entryPoint("training-process"));
    this.#bin = bin;
    this.#child = startProcess(
      { program, environment, ownGroup: true },
      {
        onMessage: (event) => {
          this.#events.push(event);
          void this.#writeDown();
        },
        onErrorOutput: (text) => (this.#lastWords = (this.#lastWords + text).slice(-4000)),
        onEnd: (end) => {
          this.#ended = end;
          void this.#writeDown();
        },
      },
    );
    this.#timer = setInterval(() => this.#requestCheckpoint(), checkpointEvery);
    this.#send({ type: "start", job });
  }

  /** Stops at the next step; the best epoch so far is kept and tested. */
  cancel(): void {
    this.#cancelled = true;
    this.#send({ type: "cancel" });
  }

  /** Stands still after the step under way, with a checkpoint of it. */
  pause(): void {
    this.#paused = true;
    this.#requestCheckpoint();
    this.#send({ type: "pause" });
  }

  /** Ends the process as soon as a checkpoint is kept; {@link finished} then rejects with a {@link SuspendedError}. */
  suspend(): void {
    this.#suspended = true;
    this.pause();
  }

  continue(): void {
    this.#paused = false;
    if (!this.#held) this.#send({ type: "continue" });
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
      this.#missCheckpoint(error);
    }
  }

  #missCheckpoint(cause: unknown): void {
    this.#staged?.discard();
    this.#staged = undefined;
    const error = systemError(cause, `a checkpoint in ${this.#workspace.folder}`);
    if (isDiskFull(error) && !this.#cancelled) {
      this.#owesCheckpoint = true;
      this.#hold(error);
      setTimeout(() => this.#requestCheckpoint(), TRY_AGAIN_EVERY).unref();
    } else {
      // A training goes on without: the next one may succeed.
      log.warning(`Run ${this.id}: no checkpoint was written`, error);
      this.#watch.warn(`No checkpoint was written: ${reportError(error).message}`);
    }
  }

  /** Writes down what was said, in its order, and waits where the disk is full. */
  async #writeDown(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#unwritten === undefined) {
      const [event] = this.#events;
      if (event === undefined) break;
      try {
        this.#receive(trainingEventSchema.parse(event));
        this.#events.shift();
      } catch (cause) {
        const error = systemError(cause, `the workspace ${this.#workspace.folder}`);
        if (isDiskFull(error) && !this.#cancelled) {
          this.#hold(error);
          await wait(TRY_AGAIN_EVERY);
        } else {
          // What can't be written down is not worth computing.
          this.#unwritten = error;
          this.#child.kill();
        }
      }
    }
    this.#writing = false;
    if (this.#events.length === 0 && !this.#owesCheckpoint) this.#release();
    if (this.#ended !== undefined) this.#end(this.#ended);
  }

  #hold(reason: EctopyError): void {
    if (this.#held) return;
    this.#held = true;
    this.#send({ type: "pause" });
    // What is written is tried again: it then finds the room.
    this.#bin.makeRoom().catch((error: unknown) => this.#watch.warn(reportError(error).message));
    this.#watch.onPaused(reason);
    // Told, not written down: that is what there is no space for.
    this.#watch.onLogged(logLine("warning", `${reason.message} ${reason.fix}`));
  }

  #release(): void {
    if (!this.#held) return;
    this.#held = false;
    if (!this.#paused) this.#send({ type: "continue" });
  }

  #receive(event: TrainingEvent): void {
    const { runs } = this.#workspace;
    switch (event.type) {
      case "device":
        this.#writeWithLine(logLine("note", trainsOn(withGpu(event.device, this.#trainsOn))), () =>
          runs.setDevice(this.id, withGpu(event.device, this.#trainsOn)),
        );
        if (event.warning !== undefined) this.#watch.warn(event.warning);
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
        runs.addSteps(this.id, event.curves);
        this.#watch.onSteps(event.curves);
        break;
      case "epoch":
        this.#keepEpoch(event.metrics);
        this.#watch.onEpoch(event.metrics);
        break;
      case "paused":
        if (this.#held) break;
        this.#writeWithLine(logLine("note", PAUSED), () => runs.setPaused(this.id, true));
        this.#watch.onPaused(null);
        // The checkpoint came first, and stands still: there is nothing left to lose.
        if (this.#suspended) this.#child.kill();
        break;
      case "continued":
        this.#writeWithLine(logLine("note", CONTINUED), () => runs.setPaused(this.id, false));
        this.#watch.onContinued();
        break;
      case "checkpoint":
        this.#keepCheckpoint(event);
        break;
      case "checkpoint-failed":
        this.#missCheckpoint(errorFromReport(event.error));
        break;
      case "done":
        this.#outcome = { ...event.result, device: withGpu(event.result.device, this.#trainsOn) };
        break;
      case "failed":
        this.#outcome = event.error;
        break;
    }
  }

  #keepEpoch(metrics: EpochMetrics): void {
    const add = (): void => this.#workspace.runs.addEpoch(this.id, metrics);
    if (metrics.validationLoss >= this.#lowestLoss) return add();
    this.#writeWithLine(logLine("note", bestSoFar(metrics)), add);
    this.#lowestLoss = metrics.validationLoss;
  }

  /** Both or neither: what fails is tried again. */
  #writeWithLine(entry: RunLogEntry, write: () => void): void {
    this.#workspace.transaction(() => {
      write();
      this.#workspace.runLog.add(this.id, entry);
    });
    this.#watch.onLogged(entry);
  }

  #keepCheckpoint({ sha256, epochs, steps }: Extract<TrainingEvent, { type: "checkpoint" }>): void {
    if (this.#staged === undefined) return;
    const { checkpoints } = this.#workspace;
    try {
      this.#workspace.keep("checkpoints", this.#staged, () =>
        checkpoints.add({ runId: this.id, sha256, epochs, steps, createdAt: new Date().toISOString() }),
      );
      this.#staged = undefined;
      this.#owesCheckpoint = false;
      for (const { id } of checkpoints.ofRun(this.id).slice(CHECKPOINTS_KEPT)) {
        this.#workspace.remove("checkpoints", id, () => checkpoints.remove(id));
      }
    } catch (error) {
      this.#missCheckpoint(error);
    }
  }

  #end(end: ProcessEnd): void {
    clearInterval(this.#timer);
    this.#staged?.discard();
    const outcome = this.#outcome;
    if (this.#unwritten !== undefined) this.#settle.reject(this.#unwritten);
    else if (outcome === undefined && this.#suspended) this.#settle.reject(new SuspendedError());
    else if (outcome === undefined) this.#settle.reject(end.error ?? this.#crashed(end));
    else if ("code" in outcome) this.#settle.reject(errorFromReport(outcome));
    else this.#settle.resolve(outcome);
  }

  #crashed(end: ProcessEnd): EctopyError {
    const { batch } = this.#job.settings;
    log.error(`Run ${this.id}: the training process ended ${describeEnd(end)}\n${this.#lastWords}`);
    if (isOutOfMemoryText(this.#lastWords)) {
      return outOfMemory("The training process ran out of memory.", batch, this.#fittingBatch);
    }
    if (end.signal === "SIGKILL") {
      const killed = "The training process was killed (SIGKILL), most likely for want of memory.";
      return outOfMemory(killed, batch, this.#fittingBatch);
    }
    const why = this.#lastWords.trim().split("\n").at(-1) ?? "";
    return new EctopyError(
      "training-failed",
      `The training process ended ${describeEnd(end)}${why === "" ? "." : `: ${why}`}`,
      "Run it again; if it happens again, please report it with these last words.",
    );
  }
}

function withGpu(device: DeviceInfo, { gpu, reason, withoutCudnn }: GpuChoice): DeviceInfo {
  if (gpu === null) return { ...device, withoutGpu: reason };
  return { ...device, gpu, ...(withoutCudnn === "" ? {} : { withoutCudnn }) };
}

/** A line of a run's log, of now. */
export function logLine(kind: RunLogEntry["kind"], message: string): RunLogEntry {
  return { at: new Date().toISOString(), kind, message };
}

function isDiskFull(error: unknown): error is EctopyError {
  return error instanceof EctopyError && error.code === "disk-full";
}
