/**
 * One process owns a workspace. The lock is an exclusive transaction on a small SQLite file beside the database: the
 * system itself drops it when the process ends, however it ends, so it can't be left behind.
 */
import Database from "better-sqlite3";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/errors.ts";
import { systemError } from "../../contract/system-errors.ts";

export interface WorkspaceLock {
  release(): void;
}

/** @throws EctopyError `workspace-busy` naming the process that owns the workspace */
export function lockWorkspace(folder: string): WorkspaceLock {
  const path = join(folder, "workspace.lock");
  const owner = join(folder, "workspace.owner");
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: 0 });
    database.exec("BEGIN EXCLUSIVE");
    writeFileSync(owner, `${process.pid}\n`);
  } catch (error) {
    database?.close();
    if (error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY")) {
      throw new EctopyError(
        "workspace-busy",
        `The workspace ${folder} is in use by another Ectopy${processName(owner)}.`,
        "Close it or wait until it is done, or choose another workspace with --workspace.",
      );
    }
    throw systemError(error, `the workspace folder ${folder}`);
  }
  const held = database;
  return { release: () => held.close() };
}

function processName(owner: string): string {
  try {
    return ` (process ${Number.parseInt(readFileSync(owner, "utf8"), 10)})`;
  } catch {
    return ""; // the owner is about to write it: the sentence is true without
  }
}
