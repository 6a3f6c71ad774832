/** Trains a network on a preparation, takes up again what was interrupted, and writes down every step of it. */
import { basename } from "node:path";
import { z } from "zod";
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import { CancelledError, EctopyError, reportError, type ErrorReport } from "../../../contract/domain/errors.ts";
import { systemError } from "../../../contract/domain/system-errors.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import type { RunLogEntry } from "../../../contract/domain/runs.ts";
import { trainingSettingsSchema, type RunRecord, type TrainingSettings } from "../../../contract/domain/training.ts";
import type { Preparation } from "../../../contract/domain/preparation.ts";
import { weightsInOrder, type TrainedModel } from "../../../engine/exchange/trained-model.ts";
import { isSound } from "../../../engine/training/checkpoint-files.ts";
import type { TrainingJob } from "../../../engine/processes/training-messages.ts";
import { readUntrusted } from "../../workers/untrusted-files.ts";
import { logger } from "../../base/logger.ts";
import type { CheckpointRow } from "../../store/checkpoints.ts";
import type { Workspace } from "../../store/workspace.ts";
import { version } from "../../version.ts";
import { checkNetwork } from "../models/check-network.ts";
import { checkSettings } from "../../base/check-settings.ts";
import type { HardwareService } from "../hardware/hardware.ts";
import type { BackupService } from "../workspace/backups.ts";
import type { BinService } from "../workspace/bin.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import * as messages from "./run-log-messages.ts";
import { logLine, SuspendedError, TrainingRun, type RunWatch } from "./training-run.ts";

const appLog = logger("training");

/** Whoever watches a training, told what it likes to hear. */
export interface TrainingWatch extends Partial<Omit<RunWatch, "warn">> {
  /** Aborted: stop and keep the best epoch so far. */
  signal: AbortSignal;
}

export interface ImportWatch extends TrainingWatch {
  /** Told the run's number, before its test begins. */
  onAdded?: (run: number) => void;
}

/** In seconds. */
export const CHECKPOINT_EVERY = 60;

const EXPORT_AGAIN = "Export it again, or save it in Keras by model.save('model.h5').";

const UNHEARD: Omit<RunWatch, "warn"> = {
  onBegun: () => {},
  onProgress: () => {},
  onEvaluating: () => {},
  onSteps: () => {},
  onEpoch: () => {},
  onPaused: () => {},
  onContinued: () => {},
  onLogged: () => {},
};

/** What a run must be to be taken up again. */
const resumable = new Set<RunRecord["status"]>(["paused", "interrupted", "failed"]);

export interface TrainingParts {
  hardware: HardwareService;
  startProcess: StartProcess;
  bin: BinService;
  backups: BackupService;
  warn: (message: string) => void;
}

export class TrainingService {
  readonly #workspace: Workspace;
  readonly #parts: TrainingParts;
  readonly #live = new Map<number, TrainingRun>();
  /** The ends of the live ones, once they are written down. */
  readonly #ends = new Map<number, Promise<void>>();
  #closed = false;

  constructor(workspace: Workspace, parts: TrainingParts) {
    this.#workspace = workspace;
    this.#parts = parts;
  }

  /**
   * A run that is still to be trained.
   * @throws EctopyError `invalid-settings`; `not-found`: no such preparation
   */
  add(preparationId: number, wanted: TrainingSettings): RunRecord {
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
    const { runs } = this.#workspace;
    return runs.find(runs.add({ preparationId, settings, createdAt: now() }))!;
  }

  /** Takes a run that has not begun out of the queue. */
  withdraw(id: number): void {
    const { runs, runLog } = this.#workspace;
    if (runs.find(id)?.status !== "queued") return;
    this.#workspace.transaction(() => {
      runs.end(id, "cancelled", null, now());
      runLog.add(id, logLine("note", messages.WITHDRAWN));
    });
  }

  /**
   * Trains a run that was added.
   * @param checkpointEvery in seconds
   * @returns the run as it is stored: completed, cancelled, or paused where it was suspended
   * @throws EctopyError `training-failed`, `disk-full`: the run is kept as failed, with the reason; CancelledError: stopped
   *   before there was anything to keep
   */
  async train(id: number, watch: TrainingWatch, checkpointEvery = CHECKPOINT_EVERY): Promise<RunRecord> {
    return this.#run(id, null, watch, checkpointEvery, null);
  }

  /**
   * Tests a model that was trained elsewhere on a preparation. It becomes a run like any other, without epochs.
   * @param file Keras' `.h5`
   * @throws EctopyError `damaged-file`, `nothing-usable`: it can't be read; `invalid-settings`: it does not fit the preparation;
   *   else as {@link train}
   */
  async testImported(file: string, preparationId: number, { onAdded, ...watch }: ImportWatch): Promise<RunRecord> {
    const { model, about } = await readUntrusted("readKerasH5", { file }, { name: file, fix: EXPORT_AGAIN });
    const preparation = this.#workspace.preparations.find(preparationId);
    if (preparation) refuseOtherBeats(model, about, preparation);
    const settings = { ...defaultTraining(model.spec), importedFrom: basename(file).slice(-255) };
    const { id } = this.add(preparationId, settings);
    onAdded?.(id);
    return this.#run(id, null, watch, CHECKPOINT_EVERY, weightsInOrder(model));
  }

  /**
   * Takes up a run that was paused, interrupted or has failed, where its last checkpoint stands; without one, from the
   * beginning. It ends as if it had never stopped.
   * @throws EctopyError `not-found`; `invalid-settings`: the run is not one that can go on; else as {@link train}
   */
  async resume(id: number, watch: TrainingWatch, checkpointEvery = CHECKPOINT_EVERY): Promise<RunRecord> {
    this.checkResumable(id);
    const checkpoint = this.#soundCheckpoint(id);
    this.#workspace.transaction(() => this.#workspace.runs.rewind(id, checkpoint ?? { epochs: 0, steps: 0 }));
    return this.#run(id, checkpoint, watch, checkpointEvery, null);
  }

  /** @throws EctopyError `not-found`; `invalid-settings`: the run is not one that can go on */
  checkResumable(id: number): void {
    const run = this.#workspace.runs.find(id);
    if (!run) throw new EctopyError("not-found", `There is no run ${id}.`, "`ectopy runs` lists the runs.");
    if (run.settings.importedFrom !== undefined) {
      const fix = "Test the model's file again.";
      throw new EctopyError("invalid-settings", `Run ${id} tests a model that was trained elsewhere.`, fix);
    }
    if (resumable.has(run.status) && !this.#live.has(id)) return;
    throw new EctopyError(
      "invalid-settings",
      `Run ${id} is ${run.status}: there is nothing to take up.`,
      "Runs that were paused or interrupted, or have failed, can be taken up again.",
    );
  }

  /** @throws EctopyError `invalid-settings`: it is not being trained here */
  pause(id: number): void {
    this.#liveRun(id).pause();
  }

  /** Ends a pause. @throws EctopyError `invalid-settings`: it is not being trained here */
  continue(id: number): void {
    this.#liveRun(id).continue();
  }

  /** Leaves a run with a checkpoint, as paused, and ends its process. @throws EctopyError as {@link pause} */
  suspend(id: number): void {
    this.#liveRun(id).suspend();
  }

  /** Leaves every run under way with a checkpoint, as paused, and begins no other. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const run of this.#live.values()) run.suspend();
    await Promise.all(this.#ends.values());
  }

  /** Whether its process is there: a run that has begun may still be waiting for what is measured before. */
  isLive(id: number): boolean {
    return this.#live.has(id);
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
    imported: readonly Float32Array[] | null,
  ): Promise<RunRecord> {
    const { runs } = this.#workspace;
    const { preparationId, settings: stored, startedAt } = runs.find(id)!;
    const preparation = this.#workspace.preparations.find(preparationId)!;
    const staged = this.#workspace.stage("runs");
    const cancel = (): void => this.#live.get(id)?.cancel();
    const ended = Promise.withResolvers<void>();
    const watched: RunWatch = { ...UNHEARD, ...watch, warn: this.#parts.warn };
    const log = (entry: RunLogEntry, write: () => void): void => {
      this.#workspace.transaction(() => {
        write();
        this.#workspace.runLog.add(id, entry);
      });
      watched.onLogged(entry);
    };
    try {
      log(logLine("note", messages.begun(checkpoint, startedAt !== null)), () => runs.start(id, now()));
      const device = await this.#parts.hardware.gpu();
      const shape = {
        windowLength: preparation.settings.before + preparation.settings.after,
        classes: preparation.summary.labels.length,
      };
      const measuring = { progress: watched.onEvaluating, signal: watch.signal };
      // A run that goes on keeps to what it began with; what is only tested has no steps whose time would count.
      const settings =
        checkpoint === null && imported === null
          ? await this.#parts.hardware.settle(stored, shape, device, measuring)
          : this.#parts.hardware.unmeasured(stored, device);
      runs.setSettings(id, settings);
      appLog.info(`Run ${id} started`);
      if (this.#closed) throw new CancelledError("Ectopy was closed before the training began.");
      const job: TrainingJob = {
        settings,
        preparation: preparationId,
        preparationFolder: this.#workspace.path("preparations", preparationId),
        dataFingerprint: preparation.fingerprint,
        outputFolder: staged.path,
        version,
        checkpoint: checkpoint && {
          folder: this.#workspace.path("checkpoints", checkpoint.id),
          sha256: checkpoint.sha256,
        },
        imported,
      };
      const run = new TrainingRun(this.#workspace, id, job, device, 1000 * checkpointEvery, watched, this.#parts);
      this.#live.set(id, run);
      this.#ends.set(id, ended.promise);
      watched.onBegun();
      watch.signal.addEventListener("abort", cancel);
      if (watch.signal.aborted) cancel();
      const result = await run.finished;
      const lastLine = logLine("note", messages.ended(result, settings.patience));
      this.#workspace.keep("runs", staged, () => {
        runs.finish(id, result, now());
        this.#workspace.runLog.add(id, lastLine);
        return id;
      });
      watched.onLogged(lastLine);
      appLog.info(`Run ${id} completed`);
      for (const old of this.#workspace.checkpoints.ofRun(id)) {
        this.#workspace.remove("checkpoints", old.id, () => this.#workspace.checkpoints.remove(old.id));
      }
    } catch (cause) {
      staged.discard();
      if (cause instanceof SuspendedError) {
        log(logLine("note", messages.SUSPENDED), () => {});
        appLog.info(`Run ${id} suspended`);
      } else {
        const error = systemError(cause, `the workspace ${this.#workspace.folder}`);
        appLog.warning(`Run ${id} ended early`, error);
        this.#end(id, error, log);
        throw error;
      }
    } finally {
      watch.signal.removeEventListener("abort", cancel);
      this.#live.delete(id);
      this.#ends.delete(id);
      ended.resolve();
      this.#parts.backups.request();
    }
    return runs.find(id)!;
  }

  /** Where not even the end can be written down (a full disk), opening the workspace next marks the run as interrupted. */
  #end(id: number, error: unknown, log: (entry: RunLogEntry, write: () => void) => void): void {
    const { runs } = this.#workspace;
    const report: ErrorReport = reportError(error);
    try {
      if (report.code === "cancelled") {
        log(logLine("note", report.message), () => runs.end(id, "cancelled", null, now()));
      } else {
        const failed = `Failed. ${report.message} ${report.fix}`.trimEnd();
        log(logLine("error", failed), () => runs.end(id, "failed", report, now()));
      }
    } catch (cause) {
      appLog.error(`The end of run ${id} could not be stored`, cause);
      this.#parts.warn(`The end of run ${id} could not be written down.`);
    }
  }
}

/** @param about what was said of the model as it was written here (contract/exports.ts) */
function refuseOtherBeats({ shape }: TrainedModel, about: unknown, { settings, summary }: Preparation): void {
  const { before, after } = settings;
  const refuse = (why: string): never => {
    const fix = "Choose a preparation like the one that it was trained on.";
    throw new EctopyError("invalid-settings", `The model does not fit this preparation: ${why}.`, fix);
  };
  if (shape.windowLength !== before + after)
    refuse(`it takes beats of ${shape.windowLength} samples, not ${before + after}`);
  if (shape.classes !== summary.labels.length)
    refuse(`it knows ${shape.classes} classes, not ${summary.labels.length}`);
  const known = z.object({ classes: z.array(z.object({ label: z.string() })) }).safeParse(about);
  if (!known.success) return;
  const labels = known.data.classes.map(({ label }) => label);
  if (labels.join() !== summary.labels.join())
    refuse(`its classes are ${labels.join(" ")}, not ${summary.labels.join(" ")}`);
}

function now(): string {
  return new Date().toISOString();
}
