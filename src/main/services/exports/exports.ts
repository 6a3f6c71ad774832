/** Exports runs to other programs. Changes nothing in the workspace. */
import { dirname, resolve } from "node:path";
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import {
  modelFormatNames,
  type ExportReport,
  type MlflowTarget,
  type ModelCard,
  type ModelFormat,
} from "../../../contract/domain/exports.ts";
import type { Network } from "../../base/network/network.ts";
import { logger } from "../../base/logger.ts";
import type { Workspace } from "../../store/workspace.ts";
import type { FolderCheck } from "../../workers/user-files.ts";
import type { ComparisonService } from "../runs/comparison.ts";
import { finishedRun, type FinishedRun, type ResultService } from "../runs/results.ts";
import { storedFingerprint, storedModels } from "../runs/stored-model.ts";
import { exportFile } from "./file-export.ts";
import { exportFolder } from "./folders.ts";
import { mlflowRun } from "./mlflow/content.ts";
import { environmentCredentials } from "./mlflow/credentials.ts";
import { exportRuns, type ExportWatch, type RunReport } from "./mlflow/export-runs.ts";
import type { MlflowRun } from "./mlflow/mlflow-run.ts";
import { placeOf } from "./mlflow/place.ts";
import { modelCard } from "./model-card.ts";
import { writeModelFile, writeModelFiles, type ModelFileFormat } from "./model-files.ts";
import { runIdentity } from "./run-identity.ts";

const hints: Readonly<Record<ModelFormat, string>> = {
  keras: "Load it with keras.models.load_model; predict.py classifies a recording with it.",
  savedmodel: "Load it with tf.saved_model.load; predict.py classifies a recording with it.",
  onnx: "Load it with onnxruntime.InferenceSession; predict.py classifies a recording with it.",
  tfjs: "Load it with tf.loadLayersModel in TensorFlow.js.",
};

export interface ExportParts {
  results: ResultService;
  comparison: ComparisonService;
  folders: FolderCheck;
  network: Network;
}

const log = logger("exports");

export class ExportService {
  readonly #workspace: Workspace;
  readonly #results: ResultService;
  readonly #comparison: ComparisonService;
  readonly #folders: FolderCheck;
  readonly #network: Network;

  constructor(workspace: Workspace, { results, comparison, folders, network }: ExportParts) {
    this.#workspace = workspace;
    this.#results = results;
    this.#comparison = comparison;
    this.#folders = folders;
    this.#network = network;
  }

  /**
   * Writes the model, its card and an example into a new folder below `parent`.
   * @throws EctopyError `not-found`, `nothing-usable` (no result yet), `damaged-file`, `no-access`, `disk-full`
   */
  async model(run: number, format: ModelFormat, parent: string): Promise<ExportReport> {
    const details = this.finished(run);
    await this.#folders.check(resolve(parent), "export");
    const card = await this.card(details);
    const models = storedModels(this.#workspace, details);
    const name = `ectopy-run-${run}-${format}`;
    const stamp = JSON.stringify({ identity: card.run.identity, format, ectopy: card.versions.ectopy });
    const written = await exportFolder({
      parent,
      name,
      stamp,
      write: (folder) => writeModelFiles({ format, from: this.#workspace.path("runs", run), models, card, folder }),
    });
    return { ...written, hint: `${modelFormatNames[format]}. ${hints[format]}` };
  }

  /**
   * Writes the model, with its card inside, as the one file at `path`.
   * @throws EctopyError as {@link model}; `usage` if the file exists with other content
   */
  async modelFile(run: number, format: ModelFileFormat, path: string): Promise<ExportReport> {
    const details = this.finished(run);
    await this.#folders.check(dirname(resolve(path)), "export");
    const card = await this.card(details);
    const models = storedModels(this.#workspace, details);
    const written = await exportFile(path, (file) => writeModelFile(format, file, models, card));
    return { ...written, hint: `${modelFormatNames[format]}, with the model card inside.` };
  }

  /**
   * Writes each run's model, as {@link model} does.
   * @throws EctopyError, CancelledError; files written by then stay
   */
  async models(
    runs: readonly number[],
    format: ModelFormat,
    parent: string,
    { progress, signal }: ExportWatch,
  ): Promise<RunReport[]> {
    const reports: RunReport[] = [];
    for (const run of runs) {
      progress({ stage: "Exporting models", done: reports.length, total: runs.length, unit: "models" });
      if (signal.aborted) throw new CancelledError();
      reports.push({ run, ...(await this.model(run, format, parent)) });
    }
    return reports;
  }

  /**
   * Exports runs to an MLflow server or an MLflow folder. Unchanged runs are skipped.
   * @throws EctopyError, CancelledError; runs exported by then stay, and repeating the export continues
   */
  async mlflow(runs: readonly number[], target: MlflowTarget, watch: ExportWatch): Promise<RunReport[]> {
    // Runs that can't be exported are refused before the first export.
    const planned = [...new Set(runs)].map((run) => ({
      run,
      identity: runIdentity(this.finished(run)),
      content: () => this.mlflowRun(run),
    }));
    const place = placeOf(target.place, target.credentials, environmentCredentials(process.env));
    if (place.kind === "folder") await this.#folders.check(resolve(place.folder), "export");
    return exportRuns(planned, target, watch, this.#network.fetch);
  }

  /** Returns a run with its data for MLflow. @throws EctopyError `not-found`, `nothing-usable`, `damaged-file` */
  async mlflowRun(run: number): Promise<MlflowRun> {
    const details = this.finished(run);
    return mlflowRun({
      details,
      result: details.result,
      remarks: this.#workspace.remarks.find(run),
      steps: this.#workspace.runs.steps(run),
      areas: await this.#comparison.curves(run),
      card: await this.card(details),
      model: {
        fingerprint: storedFingerprint(this.#workspace, run),
        read: () => storedModels(this.#workspace, details),
      },
    });
  }

  /** @throws EctopyError `not-found`; `nothing-usable` where there is no result yet */
  finished(run: number): FinishedRun {
    return finishedRun(this.#results.run(run), "Export a run with a result.");
  }

  async card(details: FinishedRun): Promise<ModelCard> {
    const ec57 = await this.#comparison.ec57(details.run.id).catch((error: unknown) => {
      // A model is exported without its recordings, too.
      if (!(error instanceof EctopyError)) throw error;
      log.warning(`The model card of run ${details.run.id} has no results by EC57`, error);
      return null;
    });
    return modelCard(details, this.#workspace.datasets.records(details.dataset.id), ec57);
  }
}
