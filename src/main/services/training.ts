/** Trains a network on a preparation, takes up again what was interrupted, and writes down every step of it. */
import { EctopyError, reportError, type ErrorReport } from "../../contract/errors.ts";
import type { JobProgress, ReportProgress } from "../../contract/jobs.ts";
import { systemError } from "../../contract/system-errors.ts";
import {
  trainingSettingsSchema,
  type BatchProgress,
  type EpochMetrics,
  type RunRecord,
  type TrainingSettings,
} from "../../contract/training.ts";
import { networkOf } from "../../contract/network-presets.ts";
import { isSound } from "../../engine/checkpoint-files.ts";
import type { TrainingJob } from "../../engine/training-messages.ts";
import type { CheckpointRow } from "../store/checkpoints.ts";
import type { Workspace } from "../store/workspace.ts";
import { version } from "../version.ts";
import { checkNetwork } from "./check-network.ts";
import { checkSettings } from "./check-settings.ts";
import { TrainingRun, type RunWatch } from "./training-run.ts";

export interface TrainingWatch {
  progress: ReportProgress;
  onEpoch: (metrics: EpochMetrics) => void;
  /** The training stands still, for a reason that nobody asked for; or it goes on. */
  onHeld?: (reason: EctopyError | null) => void;
  /** Aborted: stop and keep the best epoch so far. */
  signal: AbortSignal;
}

/** In seconds. */
export const CHECKPOINT_EVERY = 60;

/** What a run must be to be taken up again. */
const resumable = new Set<RunRecord["status"]>(["paused", "interrupted", "failed"]);

export class TrainingService {
  readonly #workspace: Workspace;
  readonly #warn: (message: string) => void;
  readonly #live = new Map<number, TrainingRun>();

  constructor(workspace: Workspace, warn: (message: string) => void) {
    this.#workspace = workspace;
    this.#warn = warn;
  }

  /**
   * @param checkpointEvery in seconds
   * @returns the run as it is stored, completed or cancelled
   * @throws EctopyError `invalid-settings`; `not-found`: no such preparation; `training-failed`, `disk-full`: the run is kept
   *   as failed, with the reason; CancelledError: stopped before there was anything to keep
   */
  async train(
    preparationId: number,
    wanted: TrainingSettings,
    watch: TrainingWatch,
    checkpointEvery = CHECKPOINT_EVERY,
  ): Promise<RunRecord> {
    const settings = checkSettings(trainingSettingsSchema, wanted, "train");
    const preparation = this.#workspace.preparations.find(preparationId);
    if (!preparation) {
      throw new EctopyError(
        "not-found",
        `There is no preparation ${preparationId}.`,
        "`ectopy preparations` lists them; `ectopy prepare DATASET` makes one.",
      );
    }
    checkNetwork(networkOf(settings.network), {
      windowLength: preparation.settings.before + preparation.settings.after,
      classes: preparation.summary.labels.length,
    });
    const id = this.#workspace.runs.add({ preparationId, settings, createdAt: now() });
    return this.#run(id, null, watch, checkpointEvery);
  }

  /**
   * Takes up a run that was paused, interrupted or has failed, where its last checkpoint stands; without one, from the
   * beginning. It ends as if it had never stopped.
   * @throws EctopyError `not-found`; `invalid-settings`: the run is not one that can go on; else as {@link train}
   */
  async resume(id: number, watch: TrainingWatch, checkpointEvery = CHECKPOINT_EVERY): Promise<RunRecord> {
    const { runs } = this.#workspace;
    const run = runs.find(id);
    if (!run) throw new EctopyError("not-found", `There is no run ${id}.`, "`ectopy runs` lists the runs.");
    if (!resumable.has(run.status) || this.#live.has(id)) {
      throw new EctopyError(
        "invalid-settings",
        `Run ${id} is ${run.status}: there is nothing to take up.`,
        "Runs that were paused or interrupted, or have failed, can be taken up again.",
      );
    }
    const checkpoint = this.#soundCheckpoint(id);
    this.#workspace.transaction(() => runs.rewind(id, checkpoint ?? { epochs: 0, steps: 0 }));
    return this.#run(id, checkpoint, watch, checkpointEvery);
  }

  /** Whether a run can be taken up again, and from where: null where it would begin anew. */
  resumableFrom(id: number): CheckpointRow | null | undefined {
    const run = this.#workspace.runs.find(id);
    return run && resumable.has(run.status) ? this.#soundCheckpoint(id) : undefined;
  }

  /** @throws EctopyError `invalid-settings`: it is not being trained here */
  pause(id: number): void {
    this.#liveRun(id).pause();
  }

  /** Ends a pause. @throws EctopyError `invalid-settings`: it is not being trained here */
  continue(id: number): void {
    this.#liveRun(id).continue();
  }

  #liveRun(id: number): TrainingRun {
    const run = this.#live.get(id);
    if (run) return run;
    throw new EctopyError("invalid-settings", `Run ${id} is not being trained here.`, "`ectopy runs` shows its state.");
  }

  /** The newest checkpoint whose files are whole. */
  #soundCheckpoint(id: number): CheckpointRow | null {
    const { checkpoints } = this.#workspace;
    const found = checkpoints.ofRun(id).find((row) => isSound(this.#workspace.path("checkpoints", row.id), row.sha256));
    return found ?? null;
  }

  async #run(
    id: number,
    checkpoint: CheckpointRow | null,
    watch: TrainingWatch,
    checkpointEvery: number,
  ): Promise<RunRecord> {
    const { runs } = this.#workspace;
    const { preparationId, settings } = runs.find(id)!;
    const preparation = this.#workspace.preparations.find(preparationId)!;
    const staged = this.#workspace.stage("runs");
    const cancel = (): void => this.#live.get(id)?.cancel();
    try {
      runs.start(id, now());
      const job: TrainingJob = {
        settings,
        datasetFolder: this.#workspace.path("preparations", preparationId),
        dataFingerprint: preparation.fingerprint,
        outputFolder: staged.path,
        version,
        checkpoint: checkpoint && {
          folder: this.#workspace.path("checkpoints", checkpoint.id),
          sha256: checkpoint.sha256,
        },
      };
      const run = new TrainingRun(this.#workspace, id, job, 1000 * checkpointEvery, this.#watched(watch));
      this.#live.set(id, run);
      watch.signal.addEventListener("abort", cancel);
      if (watch.signal.aborted) cancel();
      const result = await run.finished;
      this.#workspace.keep("runs", staged, () => {
        runs.finish(id, result, now());
        return id;
      });
      for (const old of this.#workspace.checkpoints.ofRun(id)) {
        this.#workspace.remove("checkpoints", old.id, () => this.#workspace.checkpoints.remove(old.id));
      }
    } catch (cause) {
      const error = systemError(cause, `the workspace ${this.#workspace.folder}`);
      staged.discard();
      this.#end(id, error);
      throw error;
    } finally {
      watch.signal.removeEventListener("abort", cancel);
      this.#live.delete(id);
    }
    return runs.find(id)!;
  }

  #watched({ progress, onEpoch, onHeld }: TrainingWatch): RunWatch {
    return {
      onProgress: (batch) => progress(describeProgress(batch)),
      onEvaluating: progress,
      onSteps: () => {},
      onEpoch,
      onPaused: (reason) => reason && onHeld?.(reason),
      onContinued: () => onHeld?.(null),
      warn: this.#warn,
    };
  }

  /** Where not even the end can be written down (a full disk), opening the workspace next marks the run as interrupted. */
  #end(id: number, error: unknown): void {
    const report: ErrorReport = reportError(error);
    try {
      if (report.code === "cancelled") this.#workspace.runs.end(id, "cancelled", null, now());
      else this.#workspace.runs.end(id, "failed", report, now());
    } catch {
      this.#warn(`The end of run ${id} could not be written down.`);
    }
  }
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

function now(): string {
  return new Date().toISOString();
}
