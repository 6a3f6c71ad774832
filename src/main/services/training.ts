/** Trains a network on a preparation, in a process of its own, and writes down every step of it. */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { EctopyError, errorFromReport, reportError, type ErrorReport } from "../../contract/errors.ts";
import type { JobProgress, ReportProgress } from "../../contract/jobs.ts";
import { systemError } from "../../contract/system-errors.ts";
import {
  trainingSettingsSchema,
  type BatchProgress,
  type EpochMetrics,
  type RunRecord,
  type TrainingResult,
  type TrainingSettings,
} from "../../contract/training.ts";
import { trainingEnvironment } from "../../engine/process-environment.ts";
import type { TrainingCommand, TrainingEvent, TrainingJob } from "../../engine/training-messages.ts";
import { entryPoint } from "../entry-points.ts";
import type { Workspace } from "../store/workspace.ts";
import { version } from "../version.ts";
import { checkSettings } from "./check-settings.ts";

export interface TrainingWatch {
  progress: ReportProgress;
  /** The run has its number. */
  onStarted?: (run: number) => void;
  onEpoch: (metrics: EpochMetrics) => void;
  /** Aborted: stop and keep the best epoch so far. */
  signal: AbortSignal;
}

export class TrainingService {
  readonly #workspace: Workspace;
  readonly #warn: (message: string) => void;

  constructor(workspace: Workspace, warn: (message: string) => void) {
    this.#workspace = workspace;
    this.#warn = warn;
  }

  /**
   * @returns the run as it is stored, completed or cancelled
   * @throws EctopyError `invalid-settings`; `not-found`: no such preparation; `training-failed`, `disk-full`: the run is kept
   *   as failed, with the reason; CancelledError: stopped before there was anything to keep
   */
  async train(preparationId: number, wanted: TrainingSettings, watch: TrainingWatch): Promise<RunRecord> {
    const settings = checkSettings(trainingSettingsSchema, wanted, "train");
    const { runs, preparations } = this.#workspace;
    if (!preparations.find(preparationId)) {
      throw new EctopyError(
        "not-found",
        `There is no preparation ${preparationId}.`,
        "`ectopy preparations` lists them; `ectopy prepare DATASET` makes one.",
      );
    }
    const id = runs.add({ preparationId, settings, createdAt: now() });
    const staged = this.#workspace.stage("runs");
    try {
      runs.start(id, now());
      watch.onStarted?.(id);
      const job: TrainingJob = {
        settings,
        datasetFolder: this.#workspace.path("preparations", preparationId),
        outputFolder: staged.path,
        version,
      };
      const result = await this.#runProcess(id, job, watch);
      this.#workspace.keep("runs", staged, () => {
        runs.finish(id, result, now());
        return id;
      });
    } catch (cause) {
      const error = systemError(cause, `the workspace ${this.#workspace.folder}`);
      staged.discard();
      this.#end(id, error);
      throw error;
    }
    return runs.find(id)!;
  }

  /** Where not even the end can be written down (a full disk), opening the workspace next marks the run as interrupted. */
  #end(id: number, error: unknown): void {
    const report = reportError(error);
    try {
      if (report.code === "cancelled") this.#workspace.runs.end(id, "cancelled", null, now());
      else this.#workspace.runs.end(id, "failed", report, now());
    } catch {
      this.#warn(`The end of run ${id} could not be written down.`);
    }
  }

  /** Starts the process, follows it, and settles when it is done or gone. */
  #runProcess(id: number, job: TrainingJob, { progress, onEpoch, signal }: TrainingWatch): Promise<TrainingResult> {
    return new Promise((resolve, reject) => {
      const child = startProcess(job);
      const send = (command: TrainingCommand): void => {
        if (child.connected) child.send(command);
      };
      const cancel = (): void => send({ type: "cancel" });
      signal.addEventListener("abort", cancel);
      let outcome: TrainingResult | ErrorReport | undefined;
      let unwritten: Error | undefined;
      let lastWords = "";
      child.stderr?.setEncoding("utf8").on("data", (text: string) => (lastWords = (lastWords + text).slice(-4000)));
      const receive = (event: TrainingEvent): void => {
        switch (event.type) {
          case "device":
            this.#workspace.runs.setDevice(id, event.device);
            if (event.warning !== undefined) this.#warn(event.warning);
            break;
          case "progress":
            progress(describeProgress(event.progress));
            break;
          case "evaluating":
            progress(event.progress);
            break;
          case "epoch":
            this.#workspace.runs.addEpoch(id, event.metrics);
            onEpoch(event.metrics);
            break;
          case "done":
            outcome = event.result;
            break;
          case "failed":
            outcome = event.error;
            break;
        }
      };
      child.on("message", (event: TrainingEvent) => {
        if (unwritten !== undefined) return;
        try {
          receive(event);
        } catch (error) {
          // What can't be written down is not worth computing.
          unwritten = error instanceof Error ? error : new Error(String(error));
          child.kill("SIGKILL");
        }
      });
      child.on("error", (error) => {
        outcome = reportError(error);
      });
      child.on("close", (status, killedBy) => {
        signal.removeEventListener("abort", cancel);
        if (unwritten !== undefined) reject(unwritten);
        else if (outcome === undefined) reject(crashed(status, killedBy, lastWords));
        else if ("code" in outcome) reject(errorFromReport(outcome));
        else resolve(outcome);
      });
      send({ type: "start", job });
      if (signal.aborted) cancel();
    });
  }
}

function startProcess(job: TrainingJob): ChildProcess {
  return fork(fileURLToPath(entryPoint("training-process")), [], {
    // Structured cloning, so that typed arrays and NaN cross as they are.
    serialization: "advanced",
    // Its standard output stays apart from ours; what it says last on standard error explains a crash.
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...process.env, ...trainingEnvironment(job.settings) },
    // Its own group: Ctrl-C reaches us alone, and we ask it to stop.
    detached: process.platform !== "win32",
  });
}

function describeProgress({
  epoch,
  epochs,
  step,
  steps,
  loss,
  accuracy,
  samplesPerSecond,
}: BatchProgress): JobProgress {
  return {
    stage: `Training, epoch ${epoch} of ${epochs}`,
    done: step,
    total: steps,
    unit: "batches",
    detail: `loss ${loss.toFixed(4)}  accuracy ${(100 * accuracy).toFixed(2)} %  ${Math.round(samplesPerSecond).toLocaleString("en-US")} beats/s`,
  };
}

function crashed(status: number | null, killedBy: string | null, lastWords: string): EctopyError {
  const how = killedBy === null ? `with status ${status}` : `by ${killedBy}`;
  const why = lastWords.trim().split("\n").at(-1) ?? "";
  const fix =
    killedBy === "SIGKILL"
      ? "The system may have run out of memory: try a smaller batch (--batch) or close other programs."
      : "Run it again; if it happens again, please report it with these last words.";
  return new EctopyError("training-failed", `The training process ended ${how}${why === "" ? "." : `: ${why}`}`, fix);
}

function now(): string {
  return new Date().toISOString();
}
