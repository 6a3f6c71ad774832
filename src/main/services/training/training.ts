/** Trains networks on preparations, resumes interrupted runs, and stores every step. */
import { basename, resolve } from "node:path";
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import {
  CancelledError,
  damageOf,
  EctopyError,
  reportError,
  type ErrorReport,
} from "../../../contract/domain/errors.ts";
import { systemError } from "../../../contract/domain/system-errors.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import { contentsOf } from "../../../contract/domain/dataset-records.ts";
import { trainedOnTestText } from "../../../contract/api/model-origin.ts";
import type { RunLogEntry } from "../../../contract/domain/runs.ts";
import { trainingSettingsSchema, type RunRecord, type TrainingSettings } from "../../../contract/domain/training.ts";
import { preparedFrom } from "../../../contract/domain/leads.ts";
import { networkShapeOf, windowLengthOf } from "../../../contract/domain/preparation.ts";
import type { EvaluationChoices, ForeignModel } from "../../../contract/domain/foreign-models.ts";
import { testedRecords } from "../../../pipeline/recordings/identity/run-records.ts";
import type { ImportedModel } from "../../../engine/exchange/imported-model.ts";
import { readTrainedModels, weightsInOrder } from "../../../engine/exchange/trained-model.ts";
import { isSound } from "../../../engine/training/checkpoint-files.ts";
import type { TrainingJob } from "../../../engine/processes/training-messages.ts";
import { readUntrusted } from "../../workers/untrusted-files.ts";
import { logger } from "../../base/logger.ts";
import { notFound } from "../../base/not-found.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { CheckpointRow } from "../../store/checkpoints.ts";
import type { Workspace } from "../../store/workspace.ts";
import { version } from "../../version.ts";
import { checkNetwork } from "../networks/check-network.ts";
import { trainingProblem } from "../../../contract/settings/setting-table.ts";
import { checkSettings } from "../../base/check-settings.ts";
import type { HardwareService } from "../hardware/hardware.ts";
import { durationsOfRun } from "../hardware/measured-speed.ts";
import type { BackupService } from "../workspace/backups.ts";
import type { BinService } from "../workspace/bin.ts";
import type { StartProcess } from "../../workers/processes/start-process.ts";
import type { UserFiles } from "../../workers/user-files.ts";
import { CHECKPOINT_EVERY } from "./checkpoint-interval.ts";
import { describeForeign, fitted, type CheckedAgainst } from "./foreign-model.ts";
import * as messages from "./run-log-messages.ts";
import { logLine } from "./run-recorder.ts";
import { SuspendedError, TrainingRun, type RunWatch } from "./training-run.ts";
import { withTuned } from "./tuned-settings.ts";

const appLog = logger("training");

/** Callbacks of a training; each is optional. */
export interface TrainingWatch extends Partial<Omit<RunWatch, "warn">> {
  /** Stops the training when aborted, and keeps the best epoch so far. */
  signal: AbortSignal;
}

export interface ImportWatch extends TrainingWatch {
  /** Called with the run's number before its evaluation. */
  onAdded?: (run: number) => void;
}

const EXPORT_AGAIN = "Export it again, or save it in Keras by model.save('model.keras').";

const NO_CALLBACKS: Omit<RunWatch, "warn"> = {
  onBegun: () => {},
  onProgress: () => {},
  onEvaluating: () => {},
  onSteps: () => {},
  onEpoch: () => {},
  onPaused: () => {},
  onContinued: () => {},
  onLogged: () => {},
};

/** States from which a run can be resumed. */
const resumable = new Set<RunRecord["status"]>(["paused", "interrupted", "failed"]);

/** How a run starts: new, from a checkpoint, or with imported weights, which are evaluated alone. */
interface Start {
  checkpoint?: CheckpointRow | null;
  imported?: readonly Float32Array[] | null;
  /** In seconds. */
  checkpointEvery?: number;
}

export interface TrainingParts {
  hardware: HardwareService;
  startProcess: StartProcess;
  userFiles: UserFiles;
  bin: BinService;
  backups: BackupService;
  warn: (message: string) => void;
}

export class TrainingService {
  readonly #workspace: Workspace;
  readonly #parts: TrainingParts;
  readonly #live = new Map<number, TrainingRun>();
  /** Resolve when the end of a live run has been stored. */
  readonly #ends = new Map<number, Promise<void>>();
  #closed = false;

  constructor(workspace: Workspace, parts: TrainingParts) {
    this.#workspace = workspace;
    this.#parts = parts;
  }

  /**
   * Adds a run to be trained.
   * @throws EctopyError `invalid-settings`; `not-found`: no such preparation
   */
  add(preparationId: number, given: TrainingSettings): RunRecord {
    const settings = checkSettings(trainingSettingsSchema, given, "train", trainingProblem);
    const preparation = this.#workspace.preparations.find(preparationId);
    if (!preparation) {
      throw new EctopyError(
        "not-found",
        `There is no preparation ${preparationId}.`,
        "`ectopy preparations` lists them; `ectopy prepare DATASET` makes one.",
      );
    }
    if (settings.members !== undefined) {
      const fix = "Train its runs, then make an ensemble of them.";
      throw new EctopyError("invalid-settings", "An ensemble is not trained.", fix);
    }
    checkNetwork(networkOf(settings.network), networkShapeOf(preparation));
    const { runs } = this.#workspace;
    return runs.find(runs.add({ preparationId, settings, createdAt: timestamp() }))!;
  }

  /** Cancels a run that has not started. */
  withdraw(id: number): void {
    const { runs, runLog } = this.#workspace;
    if (runs.find(id)?.status !== "queued") return;
    this.#workspace.transaction(() => {
      runs.end(id, "cancelled", null, timestamp());
      runLog.add(id, logLine("note", messages.WITHDRAWN));
    });
  }

  /**
   * Trains a run that was added.
   * @param checkpointEvery in seconds
   * @returns the run as stored: completed, cancelled, or paused where it was suspended
   * @throws EctopyError `training-failed`, `disk-full`: the run is stored as failed, with the reason; CancelledError:
   * stopped
   *   before the first epoch ended
   */
  async train(id: number, watch: TrainingWatch, checkpointEvery = CHECKPOINT_EVERY): Promise<RunRecord> {
    return this.#run(id, watch, { checkpointEvery });
  }

  /**
   * Returns what a file says of its model, beside a preparation.
   * @throws EctopyError `not-found`; `damaged-file`, `nothing-usable`: it can't be read
   */
  async describeImported(file: string, preparationId: number): Promise<ForeignModel> {
    const preparation = this.#preparedAs(preparationId);
    return describeForeign(await this.#readModel(file, preparation), preparation);
  }

  /**
   * Evaluates an imported model on a preparation. It becomes a run without epochs.
   * @param file Keras' `.h5` or `.keras`
   * @throws EctopyError `damaged-file`, `nothing-usable`: it can't be read; `invalid-settings`: it does not fit the
   *   preparation; `usage`: the order of its classes is not known; else as {@link train}
   */
  async testImported(
    file: string,
    preparationId: number,
    { onAdded, classes, acceptDifferences, ...watch }: ImportWatch & EvaluationChoices,
  ): Promise<RunRecord> {
    const preparation = this.#preparedAs(preparationId);
    const imported = await this.#readModel(file, preparation);
    const model = fitted(imported, preparation, { classes, acceptDifferences });
    const { trainedOnTest } = describeForeign(imported, preparation);
    const { id } = this.add(preparationId, {
      ...defaultTraining(model.spec),
      importedFrom: basename(file).slice(-255),
      ...(trainedOnTest === null ? {} : { trainedOnTest }),
    });
    if (trainedOnTest !== null && trainedOnTest.length > 0) {
      this.#workspace.runLog.add(id, logLine("warning", trainedOnTestText(trainedOnTest)));
    }
    onAdded?.(id);
    return this.#run(id, watch, { imported: weightsInOrder(model) });
  }

  async #readModel(file: string, { settings, rate }: CheckedAgainst): Promise<ImportedModel> {
    await this.#parts.userFiles.check(resolve(file), "model");
    const windowLength = windowLengthOf(settings, rate);
    return readUntrusted("readKerasModel", { file, windowLength }, { name: file, fix: EXPORT_AGAIN });
  }

  /** @throws EctopyError `not-found` */
  #preparedAs(id: number): CheckedAgainst {
    const preparation = this.#workspace.preparations.find(id);
    if (!preparation) throw notFound("preparation", id);
    const { settings, summary, datasetId } = preparation;
    const left = new Set(summary.leftOut.records);
    const used = this.#workspace.datasets.records(datasetId).filter(({ usable, name }) => usable && !left.has(name));
    const testedDataset = settings.testDataset?.id ?? datasetId;
    const tested = testedRecords(preparation, this.#workspace.datasets.records(testedDataset));
    return {
      settings,
      ...preparedFrom(preparation, used),
      labels: summary.labels,
      inputs: summary.inputs,
      tested: contentsOf(tested) === "beats" ? [] : tested,
    };
  }

  /**
   * Resumes a paused, interrupted or failed run from its last checkpoint, or from the beginning where it has none. The
   * result is the same as without the interruption.
   * @throws EctopyError `not-found`; `invalid-settings`: the run can't be resumed; else as {@link train}
   */
  async resume(id: number, watch: TrainingWatch, checkpointEvery = CHECKPOINT_EVERY): Promise<RunRecord> {
    this.checkResumable(id);
    const checkpoint = this.#soundCheckpoint(id);
    this.#workspace.transaction(() => this.#workspace.runs.rewind(id, checkpoint ?? { epochs: 0, steps: 0 }));
    return this.#run(id, watch, { checkpoint, checkpointEvery });
  }

  /** @throws EctopyError `not-found`; `invalid-settings`: the run can't be resumed */
  checkResumable(id: number): void {
    const run = this.#workspace.runs.find(id);
    if (!run) throw notFound("run", id);
    if (run.settings.importedFrom !== undefined) {
      const fix = "Evaluate the model's file again.";
      throw new EctopyError("invalid-settings", `Run ${id} evaluates an imported model.`, fix);
    }
    if (resumable.has(run.status) && !this.#live.has(id)) return;
    throw new EctopyError(
      "invalid-settings",
      `Run ${id} is ${run.status} and can't be resumed.`,
      "Paused, interrupted and failed runs can be resumed.",
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

  /** Suspends a run: it is paused at a checkpoint, and its process ends. @throws EctopyError as {@link pause} */
  suspend(id: number): void {
    this.#liveRun(id).suspend();
  }

  /** Suspends every live run at a checkpoint, and starts no other. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const run of this.#live.values()) run.suspend();
    await Promise.all(this.#ends.values());
  }

  /** Returns whether a run's process exists: a started run may still wait for the measurement before it. */
  isLive(id: number): boolean {
    return this.#live.has(id);
  }

  #liveRun(id: number): TrainingRun {
    const run = this.#live.get(id);
    if (run) return run;
    throw new EctopyError("invalid-settings", `Run ${id} is not being trained here.`, "`ectopy runs` shows its state.");
  }

  /**
   * Returns the weights of the run that another one starts from, in the network's order; null: it starts from random ones.
   * @throws EctopyError `not-found`: it was deleted; `damaged-file`
   */
  #firstWeights(run: number | undefined): Float32Array[] | null {
    if (run === undefined) return null;
    const found = this.#workspace.runs.find(run);
    const preparation = found && this.#workspace.preparations.find(found.preparationId);
    if (found === undefined || preparation === undefined) throw notFound("run", run);
    try {
      const network = networkOf(found.settings.network);
      const folder = this.#workspace.path("runs", run);
      return weightsInOrder(readTrainedModels(folder, [network], networkShapeOf(preparation))[0]);
    } catch (error) {
      throw damageOf({ kind: "runs", id: run }, error);
    }
  }

  /** Returns the newest checkpoint with sound files. */
  #soundCheckpoint(id: number): CheckpointRow | null {
    const { checkpoints } = this.#workspace;
    const found = checkpoints.ofRun(id).find((row) => isSound(this.#workspace.path("checkpoints", row.id), row.sha256));
    return found ?? null;
  }

  async #run(
    id: number,
    watch: TrainingWatch,
    { checkpoint = null, imported = null, checkpointEvery = CHECKPOINT_EVERY }: Start,
  ): Promise<RunRecord> {
    const { runs } = this.#workspace;
    const { preparationId, settings: stored, startedAt } = runs.find(id)!;
    const preparation = this.#workspace.preparations.find(preparationId)!;
    const staged = this.#workspace.stage("runs");
    const cancel = (): void => this.#live.get(id)?.cancel();
    const ended = Promise.withResolvers<void>();
    const watched: RunWatch = { ...NO_CALLBACKS, ...watch, warn: this.#parts.warn };
    const log = (entry: RunLogEntry, write: () => void): void => {
      this.#workspace.transaction(() => {
        write();
        this.#workspace.runLog.add(id, entry);
      });
      watched.onLogged(entry);
    };
    try {
      log(logLine("note", messages.begun(checkpoint, startedAt !== null)), () => runs.start(id, timestamp()));
      const device = await this.#parts.hardware.gpu();
      const shape = networkShapeOf(preparation);
      const measuring = { progress: watched.onEvaluating, signal: watch.signal };
      // A resumed run keeps its settings; an evaluation has no steps whose time matters.
      const { settings, adapter } =
        checkpoint === null && imported === null
          ? await this.#parts.hardware.chooseOpenSettings(stored, shape, device, measuring)
          : { settings: this.#parts.hardware.unmeasured(stored), adapter: null };
      runs.setSettings(id, withTuned(stored, settings));
      appLog.info(`Run ${id} started`);
      const began = performance.now();
      if (this.#closed) throw new CancelledError("Ectopy was closed before the training started.");
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
        initial: checkpoint === null ? this.#firstWeights(stored.fineTunes) : null,
        adapter,
      };
      let wasPaused = false;
      const run = new TrainingRun({
        workspace: this.#workspace,
        id,
        job,
        gpuChoice: device,
        checkpointIntervalMs: 1000 * checkpointEvery,
        watch: { ...watched, onPaused: (reason) => ((wasPaused = true), watched.onPaused(reason)) },
        startProcess: this.#parts.startProcess,
        bin: this.#parts.bin,
      });
      this.#live.set(id, run);
      this.#ends.set(id, ended.promise);
      watched.onBegun();
      watch.signal.addEventListener("abort", cancel);
      if (watch.signal.aborted) cancel();
      const result = await run.finished;
      const lastLine = logLine("note", messages.ended(result, settings));
      this.#workspace.keep("runs", staged, () => {
        runs.finish(id, result, timestamp());
        this.#workspace.runLog.add(id, lastLine);
        return id;
      });
      watched.onLogged(lastLine);
      appLog.info(`Run ${id} completed`);
      // A resumed run and an evaluation lack parts of a training, and a pause is no part of it.
      if (checkpoint === null && imported === null && !wasPaused) {
        const { totals } = preparation.summary;
        const durations = durationsOfRun(result, settings, totals, (performance.now() - began) / 1000);
        if (durations !== null) this.#parts.hardware.rememberRun(stored, shape, device, durations);
      }
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

  /**
   * Stores the end of a run. Where that fails (a full disk), opening the workspace next marks the run as interrupted.
   */
  #end(id: number, error: unknown, log: (entry: RunLogEntry, write: () => void) => void): void {
    const { runs } = this.#workspace;
    const report: ErrorReport = reportError(error);
    try {
      if (report.code === "cancelled") {
        log(logLine("note", report.message), () => runs.end(id, "cancelled", null, timestamp()));
      } else {
        log(logLine("error", messages.failed(report)), () => runs.end(id, "failed", report, timestamp()));
      }
    } catch (cause) {
      appLog.error(`The end of run ${id} could not be stored`, cause);
      this.#parts.warn(`The end of run ${id} could not be stored.`);
    }
  }
}
