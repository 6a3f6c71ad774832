/** Looks at a database file before anything is changed in it. */
import Database from "better-sqlite3";
import { existsSync, statSync } from "node:fs";
import { takeBackUnfinished } from "./journal.ts";

/** "ECTO" in ASCII: says whose file it is (SQLite's `application_id`). */
export const APPLICATION_ID = 0x4543544f;

/** How long a lock of another connection is waited for. */
export const BUSY_TIMEOUT_MS = 5000;

export type DatabaseState = "missing" | "empty" | "damaged" | "sound";

/**
 * Returns the state of a database file; `empty` has no table at all, as an interrupted copy leaves it.
 * @throws the system's error where the file can't be read: that is no damage
 */
export function databaseState(path: string): DatabaseState {
  if (!existsSync(path)) return "missing";
  if (statSync(path).size === 0) return "empty";
  let database: Database.Database | undefined;
  try {
    takeBackUnfinished(path, BUSY_TIMEOUT_MS);
    database = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
    if (database.pragma("quick_check(1)", { simple: true }) !== "ok") return "damaged";
    const tables = database.prepare<[], { n: number }>("SELECT count(*) AS n FROM sqlite_schema").get()!.n;
    return tables === 0 ? "empty" : "sound";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB") return "damaged";
    throw error;
  } finally {
    database?.close();
  }
}

/** Whether a file is a database of Ectopy's that SQLite can read whole. */
export function isGoodBackup(path: string): boolean {
  if (databaseState(path) !== "sound") return false;
  const database = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return database.pragma("application_id", { simple: true }) === APPLICATION_ID;
  } finally {
    database.close();
  }
}
