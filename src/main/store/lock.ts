/**
 * One process owns a workspace. The lock is an exclusive transaction on a small SQLite file beside the database: the
 * system itself drops it when the process ends, however it ends, so it can't be left behind. Other machines, which may not
 * see it, are kept out by the owner's file (`owner-file.ts`).
 */
import Database from "better-sqlite3";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { createPrivateFile } from "../base/private-files.ts";
import { claimWorkspace, ownerInWords, readOwner, type OwnerFile, type OwnerOptions } from "./owner-file.ts";

export interface WorkspaceLock {
  release(): void;
}

/** @throws EctopyError `workspace-busy` naming the process that owns the workspace */
export function lockWorkspace(folder: string, options: OwnerOptions): WorkspaceLock {
  const path = join(folder, "workspace.lock");
  let database: Database.Database | undefined;
  let owner: OwnerFile;
  try {
    createPrivateFile(path);
    database = new Database(path, { timeout: 0 });
    database.exec("BEGIN EXCLUSIVE");
    owner = claimWorkspace(folder, options);
  } catch (error) {
    database?.close();
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code.startsWith("SQLITE_BUSY")) throw busy(folder, options.times !== null);
    if (code.startsWith("SQLITE_IOERR") && options.times !== null) throw noLocks(folder);
    throw systemError(error, `the workspace folder ${folder}`);
  }
  const held = database;
  return {
    release: () => {
      owner.release();
      held.close();
    },
  };
}

/** @param shared whether other machines reach the folder, whose file system may have no locks */
function busy(folder: string, shared: boolean): EctopyError {
  const owner = readOwner(folder);
  // Every owner has a file but in the moment of its start; where locks fail, nobody has.
  if (owner === null && shared) return noLocks(folder);
  return new EctopyError(
    "workspace-busy",
    `The workspace ${folder} is in use by another Ectopy${owner === null ? "" : ` (${ownerInWords(owner)})`}.`,
    "Close it or wait until it is done, or choose another workspace with --workspace.",
  );
}

function noLocks(folder: string): EctopyError {
  return new EctopyError(
    "workspace-unusable",
    `The file system of ${folder} does not lock files, or another Ectopy is just starting there.`,
    "Try again; else choose a workspace on a disk of this machine, or have it mounted with locks (Lustre: flock; NFS: lockd).",
  );
}
