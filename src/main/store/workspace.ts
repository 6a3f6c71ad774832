/**
 * Workspace: one folder with everything that Ectopy stores.
 *
 *   ectopy.sqlite          datasets, preparations, models, runs and all their metrics
 *   backups/               backups of the database
 *   datasets/N/            recordings as they were imported
 *   preparations/N/        beats, settings and split
 *   runs/N/                model, and predictions on the test set
 *   checkpoints/N/         training states, from which a run can be resumed
 *   downloads/             databases that are being downloaded
 *   unregistered/          folders that neither the database nor a manifest describes
 *
 * A numbered folder holds a manifest (manifest.ts): its files are checked against it, and its row can be created from
 * it again.
 */
import { AnnotationSetStore } from "./annotation-sets.ts";
import { ClassificationStore } from "./classifications.ts";
import { existsSync, renameSync, rmSync, statSync, type Stats } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { makePrivateFolder } from "../base/private-files.ts";
import { BACKUPS_FOLDER } from "./backups.ts";
import { CheckpointStore } from "./checkpoints.ts";
import { ClusterExperimentStore } from "./cluster-experiments.ts";
import { openDatabase, type Connection } from "./database.ts";
import { DatasetStore } from "./datasets.ts";
import { ExperimentStore } from "./experiments.ts";
import { identifyDatasets } from "./identify-datasets.ts";
import { JobStore } from "./jobs.ts";
import {
  findDamage,
  hashFolder,
  MANIFEST_FILE,
  readManifest,
  writeManifest,
  type FileDamage,
  type StoredFile,
} from "./manifest.ts";
import { NetworkStore } from "./networks.ts";
import { claimLocation } from "./claimed-location.ts";
import { PreparationStore } from "./preparations.ts";
import { hasManifests, registerFolders } from "./registration.ts";
import { RemarkStore } from "./remarks.ts";
import { ReviewLogStore } from "./review-log.ts";
import { RemovedStore, type RemovedItem } from "./removed.ts";
import { agreesWithManifest } from "./row-check.ts";
import { RunMachineStore } from "./run-machines.ts";
import { RunLogStore } from "./run-log.ts";
import { RunOverviewStore } from "./run-overview.ts";
import { RunStore } from "./runs.ts";
import { replacedFolders, setAside, setAsideForReplacement, StagedFolder, sweep, sweepFiles } from "./staged-folder.ts";
import { StripChoiceStore } from "./strip-choices.ts";
import { TestLookStore } from "./test-looks.ts";
import { storedContent, workspaceFolders, writeSteps, type WorkspaceFolder } from "./stored-content.ts";

export type { WorkspaceFolder } from "./stored-content.ts";

export interface Workspace {
  readonly folder: string;
  readonly datasets: DatasetStore;
  readonly preparations: PreparationStore;
  readonly networks: NetworkStore;
  readonly experiments: ExperimentStore;
  readonly clusterExperiments: ClusterExperimentStore;
  readonly runs: RunStore;
  readonly runOverviews: RunOverviewStore;
  readonly runLog: RunLogStore;
  readonly runMachines: RunMachineStore;
  readonly testLooks: TestLookStore;
  readonly annotationSets: AnnotationSetStore;
  readonly reviewLog: ReviewLogStore;
  readonly stripChoices: StripChoiceStore;
  readonly classifications: ClassificationStore;
  readonly remarks: RemarkStore;
  readonly removed: RemovedStore;
  readonly jobs: JobStore;
  readonly checkpoints: CheckpointStore;
  /** Returns the folder of a dataset's recordings, a preparation's arrays, a run's model or a checkpoint. */
  path(kind: WorkspaceFolder, id: number): string;
  /** Creates a temporary folder to fill, which {@link keep} then stores. */
  stage(kind: WorkspaceFolder): StagedFolder;
  /**
   * Adds rows and stores a staged folder with its manifest, both or neither; an existing folder is replaced.
   * @param files sizes and hashes of the staged files if they are known; else the files are read
   */
  keep(kind: WorkspaceFolder, staged: StagedFolder, addRow: () => number, files?: readonly StoredFile[]): number;
  /** Removes rows and their folder. */
  remove(kind: WorkspaceFolder, id: number, removeRow: () => void): void;
  /**
   * Returns the files that differ from the manifest of a stored folder; with `content`, every file is read.
   * A folder without a manifest (of an earlier version) cannot be checked: no file differs.
   */
  damage(kind: WorkspaceFolder, id: number, check: "size" | "content", names?: readonly string[]): FileDamage[];
  /** Returns whether the database and the manifest of a stored folder agree. */
  agreesWithManifest(kind: WorkspaceFolder, id: number): boolean;
  /** Writes the manifest of a folder that has none. */
  addManifest(kind: WorkspaceFolder, id: number, files: readonly StoredFile[]): void;
  /**
   * Deletes items that were removed before a time, folders first: on a full disk the rows need the space.
   * @returns the items
   */
  emptyBin(before?: Date): Promise<RemovedItem[]>;
  /** Path of the database. */
  readonly databasePath: string;
  /** Returns a number that grows with each change of the database by this process. */
  changes(): number;
  readonly transaction: <T>(step: () => T) => T;
  /** Refuses a workspace that was deleted or moved since it was opened. @throws EctopyError `workspace-unusable` */
  refuseGone(): void;
  /** Warnings to the user since the workspace was opened. */
  readonly warnings: readonly string[];
  close(): void;
}

const DATABASE = "ectopy.sqlite";
/** Sorts after every time in ISO 8601. */
const AFTER_ALL_TIMES = "9999";

/** Returns whether a workspace folder has a database, so that it can be read. */
export function hasDatabase(folder: string): boolean {
  return existsSync(join(folder, DATABASE));
}

/**
 * Opens a workspace.
 * @param mode `write` owns the workspace until it is closed; with `read`, another process may own it
 * @param onWarning called with one sentence for each repair, each interrupted run, and each risk of the location
 */
export function openWorkspace(folder: string, mode: "read" | "write", onWarning: (message: string) => void): Workspace {
  const readonly = mode === "read";
  const warnings: string[] = [];
  const warn = (message: string): void => {
    warnings.push(message);
    onWarning(message);
  };
  if (readonly) refuseMissing(folder);
  else makeFolder(folder);
  const location = readonly ? undefined : claimLocation(folder, warn);
  let database: Connection;
  const now = new Date();
  const databasePath = join(folder, DATABASE);
  try {
    const canRebuild = (): boolean => hasManifests(folder);
    database = openDatabase(databasePath, { readonly, warn, now, canRebuild, journal: location?.journal ?? "wal" });
    location?.onLost(() => database.pragma("query_only = ON"));
  } catch (error) {
    location?.release();
    throw error;
  }
  const stores = {
    datasets: new DatasetStore(database),
    preparations: new PreparationStore(database),
    networks: new NetworkStore(database),
    experiments: new ExperimentStore(database),
    clusterExperiments: new ClusterExperimentStore(database),
    runs: new RunStore(database),
    runOverviews: new RunOverviewStore(database),
    runLog: new RunLogStore(database),
    runMachines: new RunMachineStore(database),
    testLooks: new TestLookStore(database),
    annotationSets: new AnnotationSetStore(database),
    reviewLog: new ReviewLogStore(database),
    stripChoices: new StripChoiceStore(database),
    classifications: new ClassificationStore(database),
    remarks: new RemarkStore(database),
    removed: new RemovedStore(database),
    jobs: new JobStore(database),
    checkpoints: new CheckpointStore(database),
  };
  const { runs, checkpoints, removed } = stores;
  const opened = statSync(databasePath);
  const path = (kind: WorkspaceFolder, id: number): string => join(folder, kind, String(id));

  const workspace: Workspace = {
    folder,
    warnings,
    ...stores,
    databasePath,
    path,
    stage: (kind) => {
      workspace.refuseGone();
      try {
        return new StagedFolder(join(folder, kind));
      } catch (error) {
        throw systemError(error, `the workspace folder ${folder}`);
      }
    },
    keep: (kind, staged, addRow, files) => {
      let kept: number;
      let destination = "";
      let replaced: ReturnType<typeof setAside>;
      let committed = false;
      try {
        kept = workspace.transaction(() => {
          const added = addRow();
          if (kind === "runs") writeSteps(staged.path, runs.steps(added));
          if (kind === "checkpoints") writeSteps(staged.path, runs.steps(checkpoints.find(added)!.runId));
          addManifest(staged.path, kind, added, files);
          destination = path(kind, added);
          replaced = setAsideForReplacement(destination);
          staged.commit(destination);
          committed = true;
          return added;
        });
      } catch (error) {
        // The row was not stored, so the folder must not remain.
        if (committed) setAside(destination)?.finish();
        replaced?.undo();
        throw error;
      }
      replaced?.finish();
      return kept;
    },
    remove: (kind, id, removeRow) => {
      const aside = setAside(path(kind, id));
      workspace.transaction(removeRow);
      aside?.finish();
    },
    damage: (kind, id, check, names) => {
      const manifest = readManifest(path(kind, id));
      if (manifest === undefined) return [];
      if (manifest === "damaged") return [{ name: MANIFEST_FILE, problem: "content" }];
      const files = names === undefined ? manifest.files : manifest.files.filter(({ name }) => names.includes(name));
      return findDamage(path(kind, id), files, check);
    },
    agreesWithManifest: (kind, id) => agreesWithManifest(stores, path(kind, id), kind, id),
    addManifest: (kind, id, files) => addManifest(path(kind, id), kind, id, files),
    emptyBin: async (before) => {
      const items = removed.deletable(before?.toISOString() ?? AFTER_ALL_TIMES);
      const folders = items.flatMap(({ kind, id }) => {
        if (kind === "networks" || kind === "annotationSets") return [];
        const below = kind === "runs" ? checkpoints.ofRun(id).map((row) => path("checkpoints", row.id)) : [];
        return [path(kind, id), ...below];
      });
      const aside = folders.flatMap((each) => setAside(each) ?? []);
      await Promise.all(aside.map(({ holder }) => rm(holder, { recursive: true, force: true })));
      // One transaction per item: the failure of one does not keep the others.
      for (const item of items) workspace.transaction(() => removed.delete(item));
      return items;
    },
    changes: () => database.prepare<[], { n: number }>("SELECT total_changes() AS n").get()!.n,
    transaction: (step) => {
      workspace.refuseGone();
      try {
        return database.transaction(step).immediate();
      } catch (error) {
        throw systemError(error, `the workspace ${folder}`);
      }
    },
    refuseGone: () => {
      const found = statSync(databasePath, { throwIfNoEntry: false });
      // Network file systems may change the inode number of a file.
      if (found !== undefined && (location?.journal === "rollback" || isSameFile(found, opened))) return;
      throw new EctopyError(
        "workspace-unusable",
        `The workspace ${folder} was deleted, moved or replaced while Ectopy was using it.`,
        "Put the folder back and restart Ectopy, or restart it with another workspace.",
      );
    },
    close: () => {
      database.close();
      location?.release();
    },
  };
  if (!readonly) {
    try {
      recover(workspace, now, warn);
    } catch (error) {
      workspace.close();
      throw error;
    }
  }
  return workspace;

  function addManifest(at: string, kind: WorkspaceFolder, id: number, files?: readonly StoredFile[]): void {
    writeManifest(at, { id, files: files ?? hashFolder(at), content: storedContent(stores, kind, id) });
  }
}

function isSameFile(one: Stats, other: Stats): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

/**
 * Repairs the state after an interrupted process: incomplete folders, folders without a row, jobs and runs without an
 * end.
 */
function recover(workspace: Workspace, now: Date, warn: (message: string) => void): void {
  const { folder, jobs, runs, runLog, checkpoints } = workspace;
  const at = now.toISOString();
  for (const kind of workspaceFolders) {
    sweep(join(folder, kind));
    for (const replaced of replacedFolders(join(folder, kind))) endReplacement(workspace, kind, replaced);
  }
  for (const parent of [folder, join(folder, BACKUPS_FOLDER)]) sweepFiles(parent);
  registerFolders({ folder, stores: workspace, transaction: workspace.transaction, warn, now });
  workspace.transaction(() => identifyDatasets(workspace.datasets, (id) => workspace.path("datasets", id)));
  jobs.markInterrupted(at);
  workspace.transaction(() => {
    for (const id of runs.markInterrupted()) {
      const message = "Interrupted: the training process ended without a message.";
      runLog.add(id, { at, kind: "warning", message });
      warn(`Run ${id} was interrupted: the training process ended without a message.`);
    }
  });
  for (const id of checkpoints.obsolete()) workspace.remove("checkpoints", id, () => checkpoints.remove(id));
}

/**
 * Decides which of two folders is kept after a process ended while it was replacing one: the new folder if its row is
 * stored, else the old one.
 */
function endReplacement(
  workspace: Workspace,
  kind: WorkspaceFolder,
  { id, holder, aside }: ReturnType<typeof replacedFolders>[number],
): void {
  const folder = workspace.path(kind, id);
  const isStored = existsSync(folder) && workspace.agreesWithManifest(kind, id);
  if (!isStored && existsSync(aside)) {
    setAside(folder)?.finish();
    renameSync(aside, folder);
  }
  rmSync(holder, { recursive: true, force: true });
}

function refuseMissing(folder: string): void {
  if (hasDatabase(folder)) return;
  throw new EctopyError(
    "not-found",
    `There is no workspace in ${folder} yet.`,
    "`ectopy sample` or `ectopy import FOLDER` creates one; --workspace chooses another.",
  );
}

function makeFolder(folder: string): void {
  try {
    makePrivateFolder(folder);
  } catch (error) {
    throw systemError(error, `the workspace folder ${folder}`);
  }
}
