/**
 * Writes one run as files, as MLflow's FileStore stores it (mlflow/store/tracking/file_store.py):
 * `mlruns/<experiment>/<run>/`.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { EctopyError } from "../../../../contract/domain/errors.ts";
import type { ExportReport } from "../../../../contract/domain/exports.ts";
import { withSystemErrors } from "../../../../contract/domain/system-errors.ts";
import { META_FILE } from "../../../workers/mlflow-experiments.ts";
import { readUntrusted } from "../../../workers/untrusted-files.ts";
import { exportFolder, sweepExports, writeExportFile } from "../folders.ts";
import { modelHistoryTag, stampOf } from "./content.ts";
import { STAMP_TAG, type MlflowDataset, type MlflowRun } from "./mlflow-run.ts";
import { yamlText } from "./yaml.ts";

const ROOT = "mlruns";
/** Folder of deleted experiments. */
const TRASH = ".trash";
const statuses = { FINISHED: 3, KILLED: 5 };
const SOURCE_LOCAL = 4;

/** An experiment's folder. */
export interface FolderExperiment {
  id: string;
  path: string;
  /** URI of its runs' files. */
  uri: string;
}

/**
 * Finds the MLflow experiment with a name below a folder; created if it does not exist.
 * @param folder `mlruns` itself, or the folder for `mlruns`
 * @throws EctopyError `no-access`, `disk-full`; `nothing-usable` where it was deleted in MLflow; `damaged-file` where
 * existing
 *   experiments can't be read
 */
export async function openExperiment(folder: string, name: string): Promise<FolderExperiment> {
  const root = basename(resolve(folder)) === ROOT ? resolve(folder) : join(resolve(folder), ROOT);
  return withSystemErrors(`the export in ${root}`, async () => {
    if ((await idOf(join(root, TRASH), name)) !== null) {
      throw new EctopyError(
        "nothing-usable",
        `The experiment “${name}” in ${root} was deleted in MLflow.`,
        "Restore it there, or choose another name with --experiment.",
      );
    }
    const found = await idOf(root, name);
    const id = found ?? newId(name);
    const path = join(root, id);
    sweepExports(path);
    const uri = pathToFileURL(path).href;
    if (found === null) {
      const now = Date.now();
      const meta = {
        artifact_location: uri,
        creation_time: now,
        experiment_id: id,
        last_update_time: now,
        lifecycle_stage: "active",
        name,
      };
      writeExportFile(path, join(path, META_FILE), yamlText(meta));
    }
    return { id, path, uri };
  });
}

/** @throws EctopyError `no-access`, `disk-full` */
export async function exportToFolder(experiment: FolderExperiment, run: MlflowRun): Promise<ExportReport> {
  const id = run.identity;
  const artifacts = `${experiment.uri}/${id}/artifacts`;
  // The URIs in a moved folder are no longer valid.
  const stamp = createHash("sha256")
    .update(`${stampOf(run)} ${artifacts}`)
    .digest("hex");
  const write = async (folder: string): Promise<void> => {
    const [key, value] = modelHistoryTag(id, run);
    writeDataset(experiment, run.dataset, id, folder);
    const put = putter(folder);
    put(META_FILE, yamlText(runMeta(experiment, run, artifacts)));
    for (const [name, text] of Object.entries(run.params)) put(`params/${name}`, text);
    for (const [name, text] of Object.entries({ ...run.tags, [key]: value, [STAMP_TAG]: stamp }))
      put(`tags/${name}`, text);
    for (const [name, lines] of metricLines(run)) put(`metrics/${name}`, lines);
    for (const { path, bytes } of run.files) put(`artifacts/${path}`, await bytes());
  };
  // Like MLflow, without syncing: a hundred small files per run would take seconds to sync.
  const written = await exportFolder({
    parent: experiment.path,
    name: id,
    stamp,
    write,
    durable: false,
    sweep: false,
  });
  return { ...written, hint: openingHint(dirname(experiment.path)) };
}

/** Explains how to open a folder of runs, since MLflow 3.13. */
function openingHint(root: string): string {
  return (
    `Open it with MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri "${root}", ` +
    `or import it into a database with mlflow migrate-filestore --source "${root}" --target sqlite:///mlflow.db.`
  );
}

function putter(folder: string): (path: string, content: string | Buffer) => void {
  return (path, content) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
}

function runMeta({ id }: FolderExperiment, run: MlflowRun, artifacts: string): object {
  return {
    artifact_uri: artifacts,
    deleted_time: null,
    end_time: run.endTime,
    entry_point_name: "",
    experiment_id: id,
    lifecycle_stage: "active",
    run_id: run.identity,
    run_name: run.name,
    run_uuid: run.identity,
    source_name: "",
    source_type: SOURCE_LOCAL,
    source_version: "",
    start_time: run.startTime,
    status: statuses[run.status],
    tags: [],
    user_id: "",
  };
}

/** One line for each point: time, value, step. */
function metricLines({ points }: MlflowRun): Map<string, string> {
  const lines = new Map<string, string[]>();
  for (const { key, value, timestamp, step } of points) {
    const of = lines.get(key) ?? [];
    of.push(`${timestamp} ${value} ${step}\n`);
    lines.set(key, of);
  }
  return new Map([...lines].map(([key, of]) => [key, of.join("")]));
}

/** Writes the dataset beside the runs, and the run's reference to it. */
function writeDataset(experiment: FolderExperiment, dataset: MlflowDataset, run: string, folder: string): void {
  const { name, digest, sourceType, source, schema, profile, tags } = dataset;
  const id = md5(name + digest);
  const place = join(experiment.path, "datasets", id, META_FILE);
  if (!existsSync(place)) {
    const meta = { digest, name, profile, schema, source, source_type: sourceType };
    writeExportFile(experiment.path, place, yamlText(meta));
  }
  const input = { destination_id: id, destination_type: "RUN", source_id: id, source_type: "DATASET", tags };
  putter(folder)(`inputs/${md5(id + run)}/${META_FILE}`, yamlText(input));
}

/** Name of datasets and inputs in FileStore. */
function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

/** Returns an experiment's number, by its name. */
function idOf(root: string, name: string): Promise<string | null> {
  const place = `A ${META_FILE} below ${root}`;
  const fix = "Export to another folder, or remove the folder whose file MLflow did not write.";
  return readUntrusted("findMlflowExperiment", { root, name }, { name: place, fix });
}

/** Returns eighteen digits, as MLflow does, computed from the name, so that two exports at once make one experiment. */
function newId(name: string): string {
  const digits = BigInt(`0x${createHash("sha256").update(name).digest("hex")}`).toString();
  return `1${digits.slice(0, 17)}`;
}
