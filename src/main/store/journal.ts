/** Journal of the database: a write-ahead log, or a rollback journal on shared storage. */
import Database from "better-sqlite3";
import { existsSync, rmSync, statSync } from "node:fs";
import { EctopyError } from "../../contract/domain/errors.ts";

/**
 * Kind of journal, by which SQLite makes transactions durable.
 *
 * - `wal`: readers and the writer don't wait for each other. It needs memory shared by all of them (`-shm`), which only
 * a
 *   disk of this machine provides (sqlite.org/wal.html).
 * - `rollback`: one more file, only during a transaction. It is safe wherever files can be locked.
 */
export type Journal = "wal" | "rollback";

/**
 * Sets the journal of a database, and converts a database with the other journal. Only the owner of the workspace may
 * call it.
 * @throws EctopyError `workspace-busy` if a reader still uses the old journal
 */
export function setJournal(database: Database.Database, path: string, journal: Journal): void {
  if (journal === "wal") database.pragma("journal_mode = WAL");
  else useRollback(database, path);
  // A committed transaction survives a power loss.
  database.pragma("synchronous = FULL");
}

/** Returns whether a rollback journal holds a transaction, of a process that is writing or was killed. */
export function hasTransaction(path: string): boolean {
  return (statSync(`${path}-journal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/**
 * Rolls back the transaction that a killed process left in the rollback journal. A read-only connection cannot do this,
 * and is refused (`SQLITE_READONLY_ROLLBACK`). Nothing is changed while another process writes.
 * @throws SQLite's error if the database is damaged or cannot be written
 */
export function rollBackUnfinished(path: string, timeout: number): void {
  if (!hasTransaction(path)) return;
  const database = new Database(path, { fileMustExist: true, timeout });
  try {
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
  } finally {
    database.close();
  }
}

function useRollback(database: Database.Database, path: string): void {
  // Under an exclusive lock, SQLite reads the old write-ahead log without shared memory.
  database.pragma("locking_mode = EXCLUSIVE");
  try {
    if (database.pragma("journal_mode = TRUNCATE", { simple: true }) !== "truncate") throw inUse(path);
  } catch (error) {
    throw isBusy(error) ? inUse(path) : error;
  }
  database.pragma("locking_mode = NORMAL");
  // SQLite releases the lock at the next access.
  database.prepare("SELECT count(*) FROM sqlite_schema").get();
  if (!existsSync(`${path}-wal`)) rmSync(`${path}-shm`, { force: true });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}

function inUse(path: string): EctopyError {
  return new EctopyError(
    "workspace-busy",
    `Another Ectopy process reads the database ${path}: it cannot be converted for a network or synchronised folder.`,
    "Wait until that process has ended, and try again.",
  );
}
