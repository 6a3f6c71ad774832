/** How SQLite makes transactions durable: by a write-ahead log, or by a rollback journal where files are shared. */
import Database from "better-sqlite3";
import { existsSync, rmSync, statSync } from "node:fs";
import { EctopyError } from "../../contract/domain/errors.ts";

/**
 * - `wal`: readers and the writer don't wait for each other. Needs memory that all of them share (`-shm`), which only a
 *   disk of this machine has (sqlite.org/wal.html).
 * - `rollback`: one file more, only during a transaction. Safe wherever files can be locked.
 */
export type Journal = "wal" | "rollback";

/**
 * Sets the journal of a database, and converts it where it had the other one. To be called by the owner of its workspace.
 * @throws EctopyError `workspace-busy` where a reader keeps the old one in use
 */
export function setJournal(database: Database.Database, path: string, journal: Journal): void {
  if (journal === "wal") database.pragma("journal_mode = WAL");
  else useRollback(database, path);
  // What a transaction wrote survives the loss of power.
  database.pragma("synchronous = FULL");
}

/** Whether there is a rollback journal with a transaction in it, of a process that writes or was killed. */
export function hasTransaction(path: string): boolean {
  return (statSync(`${path}-journal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/**
 * Takes back the transaction that a killed process left in the rollback journal: a read-only connection can't, and is
 * refused (`SQLITE_READONLY_ROLLBACK`). Changes nothing while another process writes.
 * @throws SQLite's error where the database is damaged or can't be written
 */
export function takeBackUnfinished(path: string, timeout: number): void {
  if (!hasTransaction(path)) return;
  const database = new Database(path, { fileMustExist: true, timeout });
  try {
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
  } finally {
    database.close();
  }
}

function useRollback(database: Database.Database, path: string): void {
  // Under an exclusive lock, SQLite reads the log of before without shared memory.
  database.pragma("locking_mode = EXCLUSIVE");
  try {
    if (database.pragma("journal_mode = TRUNCATE", { simple: true }) !== "truncate") throw inUse(path);
  } catch (error) {
    throw isBusy(error) ? inUse(path) : error;
  }
  database.pragma("locking_mode = NORMAL");
  // The lock is given back with the next access.
  database.prepare("SELECT count(*) FROM sqlite_schema").get();
  if (!existsSync(`${path}-wal`)) rmSync(`${path}-shm`, { force: true });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}

function inUse(path: string): EctopyError {
  return new EctopyError(
    "workspace-busy",
    `The database ${path} is being read by another Ectopy: it can't be converted for a network or synchronised folder.`,
    "Wait until that command is done, and try again.",
  );
}
