/**
 * Lock of a workspace: one process owns it at a time. The lock is an exclusive transaction on a small SQLite file
 * beside the database. The system releases it when the process ends for any reason, so no stale lock remains. Other
 * machines may not see the lock; the owner file excludes them (`owner-file.ts`).
 */
import Database from "better-sqlite3";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { createPrivateFile } from "../base/private-files.ts";
import { claimWorkspace, describeOwner, readOwner, type OwnerFile, type OwnerOptions } from "./owner-file.ts";

export interface WorkspaceLock {
  release(): void;
}

/** Locks a workspace. @throws EctopyError `workspace-busy`, which names the process that owns the workspace */
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

/** @param shared whether other machines access the folder, whose file system may not support locks */
function busy(folder: string, shared: boolean): EctopyError {
  const owner = readOwner(folder);
  // Every owner has a file, except in the moment of its start. Where locks fail, there is no owner file.
  if (owner === null && shared) return noLocks(folder);
  return new EctopyError(
    "workspace-busy",
    `The workspace ${folder} is in use by another Ectopy${owner === null ? "" : ` (${describeOwner(owner)})`}.`,
    "Close that process, wait until it has ended, or choose another workspace with --workspace.",
  );
}

function noLocks(folder: string): EctopyError {
  return new EctopyError(
    "workspace-unusable",
    `The file system of ${folder} does not lock files, or another Ectopy process is starting there.`,
    "Try again. Otherwise choose a workspace on a disk of this machine, or mount the file system with locks (Lustre: flock; NFS: lockd).",
  );
}
