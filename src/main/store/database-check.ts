/** Checks of a database file before it is changed. */
import Database from "better-sqlite3";
import { existsSync, statSync } from "node:fs";
import { rollBackUnfinished } from "./journal.ts";

/** "ECTO" in ASCII, SQLite's `application_id`: marks a database of Ectopy. */
export const APPLICATION_ID = 0x4543544f;

/** Longest wait for the lock of another connection. */
export const BUSY_TIMEOUT_MS = 5000;

export type DatabaseState = "missing" | "empty" | "damaged" | "sound";

/**
 * Returns the state of a database file; `empty` means without any table, as after an interrupted copy.
 * @throws the system's error if the file cannot be read: this is no damage
 */
export function databaseState(path: string): DatabaseState {
  if (!existsSync(path)) return "missing";
  if (statSync(path).size === 0) return "empty";
  let database: Database.Database | undefined;
  try {
    rollBackUnfinished(path, BUSY_TIMEOUT_MS);
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

/** Returns whether a file is a database of Ectopy that SQLite can read completely. */
export function isGoodBackup(path: string): boolean {
  if (databaseState(path) !== "sound") return false;
  const database = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return database.pragma("application_id", { simple: true }) === APPLICATION_ID;
  } finally {
    database.close();
  }
}
