/**
 * The workspace of the fault rounds: two datasets, preparations of both, runs of both, and backups older and newer than
 * they are.
 */
import Database from "better-sqlite3";
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runEctopy } from "../../../tests/support/ectopy-process.ts";
import { writeSampleRecords } from "../../../tests/support/sample-records.ts";
import { copyFolder } from "../copy-folder.ts";
import { readState, type WorkspaceState } from "../workspace-state.ts";

export interface StoredWorkspace {
  /** Closed in order: all data is in the database file. */
  closed: string;
  /** As a killed process leaves it: the latest data is in the WAL file alone. */
  killed: string;
  /** A backup from when only dataset 1, preparation 1 and run 1 were stored. */
  olderBackup: string;
  state: WorkspaceState;
  /** Recordings that are in neither dataset. */
  recordings: string;
  /** Folder of the current round. */
  round: string;
}

export interface FaultPlace {
  workspace: string;
  temporary: string;
  out: string;
}

const FEW = ["--class-map", "N=NLR,V=V", "--majority-cap", "300"];
const SHORT = ["--model", "ann", "--epochs", "2", "--steps-per-epoch", "5", "--threads", "1"];
/** Arguments that make preparation 2 of dataset 2, also again. */
export const PREPARE_2 = ["prepare", "2", ...FEW, "--balancing", "smote"];
export const TRAIN_1 = ["train", "1", ...SHORT];

/** @param folder empty */
export async function makeStored(folder: string): Promise<StoredWorkspace> {
  const made = {
    closed: join(folder, "closed"),
    killed: join(folder, "killed"),
    olderBackup: join(folder, "older.sqlite"),
    recordings: join(folder, "recordings"),
    round: join(folder, "round"),
  };
  const [first, second] = [join(folder, "first"), join(folder, "second")];
  writeSampleRecords(first, ["s01", "s02", "s03"]);
  writeSampleRecords(second, ["s04", "s05", "s06"]);
  writeSampleRecords(made.recordings, ["s07", "s08"]);
  const workspace = made.closed;
  const run = async (args: string[]): Promise<void> => {
    const { status, stderr } = await runEctopy(args, { workspace });
    if (status !== 0) throw new Error(`ectopy ${args.join(" ")} ended with status ${status}:\n${stderr}`);
  };
  await run(["import", first]);
  await run(["prepare", "1", ...FEW, "--balancing", "none"]);
  await run(TRAIN_1);
  backUp(workspace, made.olderBackup);
  await run(["import", second]);
  // The last connection that closes moves the WAL into the database: this one stays open.
  const held = new Database(join(workspace, "ectopy.sqlite"), { readonly: true });
  held.prepare("SELECT count(*) FROM datasets").get();
  await run(PREPARE_2);
  await run(["train", "2", ...SHORT, "--seed", "2"]);
  await run(["train", "1", ...SHORT, "--seed", "3"]);
  copyFolder(workspace, made.killed);
  held.close();
  // The connection was no writer: the next one moves the WAL.
  await run(PREPARE_2);
  return { ...made, state: readState(workspace) };
}

function backUp(workspace: string, path: string): void {
  const database = new Database(join(workspace, "ectopy.sqlite"), { readonly: true });
  database.prepare("VACUUM INTO ?").run(path);
  database.close();
}

/** Empty folders, and a copy of the workspace. */
export function freshPlace(stored: StoredWorkspace, from: "closed" | "killed"): FaultPlace {
  rmSync(stored.round, { recursive: true, force: true });
  const place = {
    workspace: join(stored.round, "workspace"),
    temporary: join(stored.round, "temporary"),
    out: join(stored.round, "out"),
  };
  for (const path of [place.temporary, place.out]) mkdirSync(path, { recursive: true });
  copyFolder(stored[from], place.workspace);
  return place;
}

/** Only the backup from before the second dataset. */
export function leaveOlderBackup({ workspace }: FaultPlace, { olderBackup }: StoredWorkspace): void {
  const folder = join(workspace, "backups");
  const [name = "2026-01-01.sqlite"] = backupNames(workspace);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  copyFileSync(olderBackup, join(folder, name));
}

export function backupNames(workspace: string): string[] {
  try {
    return readdirSync(join(workspace, "backups")).filter((name) => name.endsWith(".sqlite"));
  } catch {
    return []; // none was made
  }
}
