/**
 * Opens the workspace's SQLite database: durable, checked and migrated. A database of a newer Ectopy is never changed.
 *
 * Committed transactions survive a power loss (journal.ts). A backup is made before each migration (backups.ts). A
 * damaged, empty or missing database is replaced by the newest good backup; the damaged file is kept under another
 * name.
 */
import Database from "better-sqlite3";
import { copyFileSync, existsSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { createPrivateFile } from "../base/private-files.ts";
import { formatUtcMinute } from "../base/timestamp.ts";
import { BACKUPS_FOLDER, makeBackup, newestGoodBackup } from "./backups.ts";
import { APPLICATION_ID, BUSY_TIMEOUT_MS, databaseState } from "./database-check.ts";
import { syncFile, syncFolder } from "./disk.ts";
import { hasTransaction, setJournal, type Journal } from "./journal.ts";
import { migrations } from "./migrations/index.ts";

export type Connection = Database.Database;

export interface OpenOptions {
  /** Changes nothing: no migration, no backup, no repair. */
  readonly: boolean;
  /** Called with one sentence for each repair. */
  warn: (message: string) => void;
  /** Present time, for the names of damaged files that are kept. */
  now: Date;
  /** Returns whether the manifests of the workspace's folders suffice to create a lost database again. */
  canRebuild: () => boolean;
  /** Journal of transactions (default: `wal`). */
  journal?: Journal;
}

/**
 * Opens the database, and repairs and migrates it unless it is opened read-only.
 * @param path path of the database; created if it does not exist, except when read-only
 * @throws EctopyError `workspace-unusable`: not an Ectopy database, a newer one, or damaged without a backup
 */
export function openDatabase(path: string, options: OpenOptions): Connection {
  try {
    return open(path, options);
  } catch (error) {
    throw systemError(error, `the workspace's database ${path}`);
  }
}

function open(path: string, { readonly, warn, now, canRebuild, journal = "wal" }: OpenOptions): Connection {
  if (readonly) return openReadOnly(path);
  const backups = join(path, "..", BACKUPS_FOLDER);
  const state = databaseState(path);
  if (state !== "sound") replace(path, state, { backups, now, warn, canRebuild });
  createPrivateFile(path);
  const database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.pragma("foreign_keys = ON");
    // Patients' names in comments of a deleted dataset must not remain in free pages.
    database.pragma("secure_delete = ON");
    setJournal(database, path, journal);
    checkOwner(database, path);
    if (version(database) > 0 && version(database) < migrations.length) {
      makeBackup(database, backups, `before-version-${migrations.length}`);
    }
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function openReadOnly(path: string): Connection {
  const database = openForReading(path);
  try {
    database.pragma("foreign_keys = ON");
    checkOwner(database, path);
    if (version(database) < migrations.length) {
      throw new EctopyError(
        "workspace-unusable",
        `The database ${path} is from an older Ectopy and must be migrated first.`,
        "Run any command that writes once, such as `ectopy import`.",
      );
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function version(database: Connection): number {
  return database.pragma("user_version", { simple: true }) as number;
}

/** Runs the missing migrations, each in a separate transaction. */
export function migrate(database: Connection, steps: readonly string[] = migrations): void {
  // A migration changes a table by creating a new one: dropping the old table must not delete the rows that refer to it
  // (sqlite.org/lang_altertable.html, section 7). All references are checked before each migration is committed.
  const enforced = database.pragma("foreign_keys", { simple: true }) as number;
  database.pragma("foreign_keys = OFF");
  try {
    for (let next = version(database); next < steps.length; next++) {
      database.transaction(() => {
        database.exec(steps[next]);
        const broken = database.pragma("foreign_key_check") as unknown[];
        if (broken.length > 0) throw new Error(`Migration ${next + 1} leaves ${broken.length} references to nothing.`);
        database.pragma(`application_id = ${APPLICATION_ID}`);
        database.pragma(`user_version = ${next + 1}`);
      })();
    }
  } finally {
    database.pragma(`foreign_keys = ${enforced}`);
  }
}

function checkOwner(database: Connection, path: string): void {
  const owner = database.pragma("application_id", { simple: true }) as number;
  const tables = database.prepare<[], { n: number }>("SELECT count(*) AS n FROM sqlite_schema").get()!.n;
  if (owner !== APPLICATION_ID && tables > 0) {
    throw new EctopyError(
      "workspace-unusable",
      `The file ${path} is a database, but not Ectopy's.`,
      "Choose another folder with --workspace; this one was not changed.",
    );
  }
  if (version(database) > migrations.length) {
    throw new EctopyError(
      "workspace-unusable",
      `The workspace database ${path} was made by a newer Ectopy (version ${version(database)}; this one supports ${migrations.length}).`,
      "Update Ectopy, or choose another workspace with --workspace; this one was not changed.",
    );
  }
}

/**
 * Opens a database for reading. In WAL mode even a reader writes files beside it; on read-only storage, a copy in
 * memory is opened.
 */
function openForReading(path: string): Connection {
  try {
    if (databaseState(path) === "damaged") throw damaged(path);
    return new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT_MS });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const refused = /^SQLITE_(CANTOPEN|READONLY|IOERR_SHM)/.test(code);
    const wal = `${path}-wal`;
    // The database does not yet contain the content of a WAL file: without it, the copy would be an older state.
    if (!refused || (existsSync(wal) && statSync(wal).size > 0) || hasTransaction(path)) throw error;
    return snapshot(path);
  }
}

/** Returns a copy of the database file in memory. */
function snapshot(path: string): Connection {
  const bytes = readFileSync(path);
  // Write and read version: 2 is WAL, 1 is the rollback journal, which alone works in memory
  // (sqlite.org/fileformat.html, 1.3.3).
  bytes[18] = 1;
  bytes[19] = 1;
  const database = new Database(bytes, { readonly: true });
  if (database.pragma("quick_check(1)", { simple: true }) === "ok") return database;
  database.close();
  throw damaged(path);
}

function damaged(path: string): EctopyError {
  return new EctopyError(
    "workspace-unusable",
    `The workspace database ${path} is damaged.`,
    "Run any command that writes, such as `ectopy import`: it restores the newest good backup.",
  );
}

interface Replacement extends Pick<OpenOptions, "now" | "warn" | "canRebuild"> {
  /** Folder of the backups. */
  backups: string;
}

/**
 * Replaces a missing, empty or damaged database by the newest good backup. Without a backup, only the old file is
 * moved, for a new database in which the workspace's folders are registered again.
 * @throws EctopyError `workspace-unusable`: damaged, and neither a backup nor the folders can replace it; no file was
 * changed
 */
function replace(
  path: string,
  state: "missing" | "empty" | "damaged",
  { backups, now, warn, canRebuild }: Replacement,
): void {
  const backup = newestGoodBackup(backups);
  if (backup === undefined && state === "damaged" && !canRebuild()) {
    throw new EctopyError(
      "workspace-unusable",
      `The workspace database ${path} is damaged, and there is no good backup of it.`,
      "Choose another workspace with --workspace; recordings and models in this one's folders are untouched.",
    );
  }
  // The backup is copied and synced before the old file is moved: one of both always exists.
  const incoming = `${path}.restored`;
  if (backup !== undefined) {
    copyFileSync(backup.path, incoming);
    syncFile(incoming);
  }
  const aside = moveAside(path, now);
  if (backup !== undefined) {
    renameSync(incoming, path);
    syncFolder(join(path, ".."));
  }
  const what = `The workspace database was ${state}`;
  const kept = state === "damaged" ? ` The damaged file is kept as ${aside}.` : "";
  if (backup !== undefined) warn(`${what}: the backup of ${formatUtcMinute(backup.madeAt)} was restored.${kept}`);
  else if (canRebuild()) warn(`${what}, and there is no backup: it is created again from the stored folders.${kept}`);
}

/** Renames a database and its side files: a WAL must never be applied to another database. */
function moveAside(path: string, now: Date): string {
  const aside = `${path}.damaged-${now.toISOString().replaceAll(":", "-")}`;
  for (const suffix of ["-wal", "-shm", "-journal", ""]) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}
