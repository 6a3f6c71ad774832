/**
 * Registers folders that the database does not name: after a backup was restored, after the database was created again,
 * and after a process ended between storing a folder and storing its row.
 *
 * Nothing is deleted. A folder with a complete manifest gets its row back, under its number. Any other folder is moved
 * into `unregistered/`, and the user is warned.
 */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileNameTime } from "../base/timestamp.ts";
import { readManifest, type Manifest } from "./manifest.ts";
import type { ContentOf, ManifestContent, StoredRun } from "./manifest-content.ts";
import { numberedFolders, setAside } from "./staged-folder.ts";
import { readSteps, workspaceFolders, type ContentStores, type WorkspaceFolder } from "./stored-content.ts";

/** Folder of the folders that neither the database nor a manifest describes. */
export const UNREGISTERED_FOLDER = "unregistered";

const nouns: Readonly<Record<WorkspaceFolder, string>> = {
  datasets: "dataset",
  preparations: "preparation",
  runs: "run",
  checkpoints: "checkpoint",
};

export interface Registration {
  /** Folder of the workspace. */
  folder: string;
  stores: ContentStores;
  transaction: <T>(step: () => T) => T;
  warn: (message: string) => void;
  now: Date;
}

/** Returns whether any folder of a workspace has a manifest: a lost database can then be created again. */
export function hasManifests(folder: string): boolean {
  return workspaceFolders.some((kind) =>
    numberedFolders(join(folder, kind)).some((id) => isManifest(readManifest(join(folder, kind, String(id))))),
  );
}

/** Registers all folders that the database does not name, and warns of each. */
export function registerFolders(registration: Registration): void {
  const registered: string[] = [];
  const moved: string[] = [];
  for (const kind of workspaceFolders) {
    const known = registeredIds(registration.stores, kind);
    for (const id of numberedFolders(join(registration.folder, kind))) {
      if (known.has(id) || removeObsolete(registration, kind, id)) continue;
      const noun = `${nouns[kind]} ${id}`;
      if (register(registration, kind, id)) registered.push(noun);
      else moved.push(`${noun} (${setUnregistered(registration, kind, id)})`);
    }
  }
  if (registered.length > 0) {
    registration.warn(`Registered again, because the database did not name them: ${list(registered)}.`);
  }
  if (moved.length > 0) {
    registration.warn(
      `Moved, because neither the database nor a manifest describes them: ${list(moved)}. Nothing was deleted.`,
    );
  }
}

/**
 * Returns the numbers of the folders that the database describes; a run's folder is stored together with its result.
 */
function registeredIds(stores: ContentStores, kind: WorkspaceFolder): Set<number> {
  return new Set(kind === "runs" ? stores.runs.finishedIds() : stores[kind].ids());
}

function hasResult(runs: ContentStores["runs"], id: number): boolean {
  return (runs.find(id)?.result ?? null) !== null;
}

/** Deletes a checkpoint whose run has ended: the process that deleted its row ended before it deleted the folder. */
function removeObsolete({ folder, stores }: Registration, kind: WorkspaceFolder, id: number): boolean {
  if (kind !== "checkpoints") return false;
  const path = join(folder, kind, String(id));
  const manifest = readManifest(path);
  if (!isManifest(manifest) || manifest.content.kind !== kind) return false;
  if (!hasResult(stores.runs, manifest.content.runId)) return false;
  setAside(path)?.finish();
  return true;
}

/** Registers a folder. @returns false if its manifest is incomplete, or contradicts the database */
function register({ folder, stores, transaction }: Registration, kind: WorkspaceFolder, id: number): boolean {
  const path = join(folder, kind, String(id));
  const manifest = readManifest(path);
  if (!isManifest(manifest) || manifest.id !== id || manifest.content.kind !== kind) return false;
  const { content } = manifest;
  try {
    return transaction(() => addRow(stores, path, id, content));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code.startsWith("SQLITE_CONSTRAINT")) return false;
    throw error;
  }
}

function addRow(stores: ContentStores, path: string, id: number, content: ManifestContent): boolean {
  switch (content.kind) {
    case "datasets":
      if (stores.datasets.findByFingerprint(content.dataset.fingerprint) !== undefined) return false;
      stores.datasets.add(content.dataset, content, id);
      return true;
    case "preparations":
      return addPreparation(stores, id, content);
    case "runs":
      return addRun(stores, path, id, content);
    case "checkpoints": {
      if (!addInterruptedRun(stores, path, content)) return false;
      stores.checkpoints.add(content, id);
      return true;
    }
  }
}

function addPreparation(
  { datasets, preparations }: ContentStores,
  id: number,
  { preparation, datasetFingerprint, datasetVersion }: ContentOf<"preparations">,
): boolean {
  const of = datasets.findVersion(datasetFingerprint, { id: preparation.datasetId, version: datasetVersion });
  if (
    of === undefined ||
    preparations.findBySettings({ id: of.id, versions: [of.version] }, preparation.settings) !== undefined
  )
    return false;
  preparations.add({ ...preparation, datasetId: of.id }, of.version, id);
  return true;
}

/** Adds a run with its result, or completes a run whose result the database lost. */
function addRun(stores: ContentStores, path: string, id: number, stored: StoredRun): boolean {
  const { run } = stored;
  const known = stores.runs.find(id);
  if (known === undefined) return addNewRun(stores, path, id, stored);
  if (run.result === null || known.createdAt !== run.createdAt) return false;
  stores.runs.setSettings(id, run.settings);
  replaceCurves(stores, path, id, stored);
  stores.runs.finish(id, run.result, run.finishedAt ?? run.createdAt);
  return true;
}

/** Adds the run of a checkpoint, or the epochs that the database lost, so that the run can be resumed. */
function addInterruptedRun(stores: ContentStores, path: string, content: ContentOf<"checkpoints">): boolean {
  const { runId, of: stored, epochs } = content;
  const known = stores.runs.find(runId);
  if (known === undefined) return addNewRun(stores, path, runId, stored);
  if (known.createdAt !== stored.run.createdAt) return false;
  // The open settings were chosen for the machine when the training began: other values would make it another training.
  stores.runs.setSettings(runId, stored.run.settings);
  if (stores.runs.epochs(runId).length < epochs) replaceCurves(stores, path, runId, stored);
  return true;
}

function addNewRun(stores: ContentStores, path: string, id: number, stored: StoredRun): boolean {
  const { run, epochs, log } = stored;
  const { preparations } = stores;
  const named = preparations.find(run.preparationId);
  const preparation =
    named?.fingerprint === stored.preparationFingerprint
      ? named
      : preparations.findByFingerprint(stored.preparationFingerprint);
  if (preparation === undefined) return false;
  stores.runs.register(id, { ...run, preparationId: preparation.id }, epochs);
  stores.remarks.set(id, stored.remarks);
  for (const entry of log) stores.runLog.add(id, entry);
  addToExperiment(stores, id, stored);
  addSteps(stores, path, id);
  return true;
}

function replaceCurves(stores: ContentStores, path: string, id: number, { epochs, log }: StoredRun): void {
  stores.runs.rewind(id, { epochs: 0, steps: 0 });
  for (const metrics of epochs) stores.runs.addEpoch(id, metrics);
  for (const entry of log.slice(stores.runLog.ofRun(id).length)) stores.runLog.add(id, entry);
  addSteps(stores, path, id);
}

function addSteps({ runs }: ContentStores, path: string, id: number): void {
  const steps = readSteps(path);
  if (steps !== undefined) runs.addSteps(id, steps);
}

function addToExperiment({ experiments }: ContentStores, run: number, { experiment: stored }: StoredRun): void {
  if (stored === null) return;
  const { label, ...experiment } = stored;
  const known = experiments
    .list()
    .find(({ name, createdAt }) => name === experiment.name && createdAt === experiment.createdAt);
  experiments.addRun(known?.id ?? experiments.add(experiment), run, label);
}

/** Moves a folder into `unregistered/`. @returns its new path, relative to the workspace */
function setUnregistered({ folder, now }: Registration, kind: WorkspaceFolder, id: number): string {
  mkdirSync(join(folder, UNREGISTERED_FOLDER), { recursive: true, mode: 0o700 });
  const name = `${kind}-${id}-${fileNameTime(now)}`;
  for (let copy = 1; ; copy++) {
    const place = join(UNREGISTERED_FOLDER, copy === 1 ? name : `${name}-${copy}`);
    if (existsSync(join(folder, place))) continue;
    renameSync(join(folder, kind, String(id)), join(folder, place));
    return place;
  }
}

function isManifest(found: ReturnType<typeof readManifest>): found is Manifest {
  return found !== undefined && found !== "damaged";
}

function list(items: readonly string[]): string {
  const MAX_ITEMS = 10;
  if (items.length <= MAX_ITEMS) return items.join(", ");
  return `${items.slice(0, MAX_ITEMS).join(", ")} and ${items.length - MAX_ITEMS} more`;
}
