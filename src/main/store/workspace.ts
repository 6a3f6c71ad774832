/**
 * A workspace: one folder that holds everything a user made.
 *
 *   ectopy.sqlite          datasets, preparations, models, runs and every figure
 *   backups/               of the database
 *   datasets/N/            recordings as they were imported
 *   preparations/N/        beats, recipe and split
 *   runs/N/                the model, and predictions on the test part
 *   checkpoints/N/         where a run can be taken up again
 *   downloads/             databases that are being fetched
 */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/errors.ts";
import { systemError } from "../../contract/system-errors.ts";
import { CheckpointStore } from "./checkpoints.ts";
import { openDatabase, type Connection } from "./database.ts";
import { DatasetStore } from "./datasets.ts";
import { JobStore } from "./jobs.ts";
import { lockWorkspace } from "./lock.ts";
import { ExperimentStore } from "./experiments.ts";
import { ModelStore } from "./models.ts";
import { PreparationStore } from "./preparations.ts";
import { RemarkStore } from "./remarks.ts";
import { RemovedStore } from "./removed.ts";
import { RunLogStore } from "./run-log.ts";
import { RunOverviewStore } from "./run-overview.ts";
import { RunStore } from "./runs.ts";
import { StagedFolder, sweep } from "./staged-folder.ts";

export interface Workspace {
  readonly folder: string;
  readonly datasets: DatasetStore;
  readonly preparations: PreparationStore;
  readonly models: ModelStore;
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly runOverviews: RunOverviewStore;
  readonly runLog: RunLogStore;
  readonly remarks: RemarkStore;
  readonly removed: RemovedStore;
  readonly jobs: JobStore;
  readonly checkpoints: CheckpointStore;
  /** Folder of a dataset's recordings, a preparation's arrays, a run's model or a checkpoint. */
  path(kind: WorkspaceFolder, id: number): string;
  /** A folder to fill, which {@link keep} then puts in its place. */
  stage(kind: WorkspaceFolder): StagedFolder;
  /** Adds rows and puts a staged folder in its place, both or neither. */
  keep(kind: WorkspaceFolder, staged: StagedFolder, addRow: () => number): number;
  /** Takes rows and their folder away. */
  remove(kind: WorkspaceFolder, id: number, removeRow: () => void): void;
  transaction<T>(step: () => T): T;
  close(): void;
}

const DATABASE = "ectopy.sqlite";

/** Whether there is anything to look at in a workspace folder. */
export function hasDatabase(folder: string): boolean {
  return existsSync(join(folder, DATABASE));
}

export type WorkspaceFolder = "datasets" | "preparations" | "runs" | "checkpoints";

/**
 * @param mode `write` owns the workspace until it is closed; `read` looks while another process may own it
 * @param warn told in one sentence what was repaired or found interrupted
 */
export function openWorkspace(folder: string, mode: "read" | "write", warn: (message: string) => void): Workspace {
  const readonly = mode === "read";
  if (readonly) refuseMissing(folder);
  else makeFolder(folder);
  const lock = readonly ? undefined : lockWorkspace(folder);
  let database: Connection;
  try {
    database = openDatabase(join(folder, DATABASE), { readonly, warn, now: new Date() });
  } catch (error) {
    lock?.release();
    throw error;
  }
  const datasets = new DatasetStore(database);
  const preparations = new PreparationStore(database);
  const runs = new RunStore(database);
  const checkpoints = new CheckpointStore(database);
  const removed = new RemovedStore(database);
  const jobs = new JobStore(database);
  const path = (kind: WorkspaceFolder, id: number): string => join(folder, kind, String(id));

  const workspace: Workspace = {
    folder,
    datasets,
    preparations,
    models: new ModelStore(database),
    experiments: new ExperimentStore(database),
    runs,
    checkpoints,
    runOverviews: new RunOverviewStore(database),
    runLog: new RunLogStore(database),
    remarks: new RemarkStore(database),
    removed,
    jobs,
    path,
    stage: (kind) => {
      try {
        return new StagedFolder(join(folder, kind));
      } catch (error) {
        throw systemError(error, `the workspace folder ${folder}`);
      }
    },
    keep: (kind, staged, addRow) =>
      workspace.transaction(() => {
        const id = addRow();
        staged.commit(path(kind, id));
        return id;
      }),
    remove: (kind, id, removeRow) => {
      workspace.transaction(removeRow);
      // Where this fails, the next opening sweeps it away: no row names it any more.
      rmSync(path(kind, id), { recursive: true, force: true });
    },
    transaction: (step) => {
      try {
        return database.transaction(step).immediate();
      } catch (error) {
        throw systemError(error, `the workspace ${folder}`);
      }
    },
    close: () => {
      database.close();
      lock?.release();
    },
  };
  if (!readonly) {
    // What was removed could be brought back until now.
    workspace.transaction(() => removed.purge());
    jobs.markInterrupted(new Date().toISOString());
    sweep(join(folder, "datasets"), (id) => datasets.find(Number(id)) !== undefined);
    sweep(join(folder, "preparations"), (id) => preparations.find(Number(id)) !== undefined);
    sweep(join(folder, "runs"), (id) => runs.find(Number(id)) !== undefined);
    sweep(join(folder, "checkpoints"), (id) => checkpoints.find(Number(id)) !== undefined);
    const at = new Date().toISOString();
    workspace.transaction(() => {
      for (const id of runs.markInterrupted()) {
        const words = "Interrupted: the process that trained it ended without a word.";
        workspace.runLog.add(id, { at, kind: "warning", words });
        warn(`Run ${id} was interrupted: the process that trained it ended without a word.`);
      }
    });
  }
  return workspace;
}

function refuseMissing(folder: string): void {
  if (hasDatabase(folder)) return;
  throw new EctopyError(
    "not-found",
    `There is no workspace in ${folder} yet.`,
    "`ectopy sample` or `ectopy import FOLDER` makes one; --workspace chooses another.",
  );
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    // Node says ENOENT where a read-only file system refuses the first missing folder.
    const refused = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw systemError(refused ? Object.assign(error, { code: "EROFS" }) : error, `the workspace folder ${folder}`);
  }
}
