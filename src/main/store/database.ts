/**
 * Opens the workspace's SQLite database: durable, checked, migrated, and never touched if a newer Ectopy made it.
 *
 * WAL with `synchronous=FULL`: what a transaction wrote survives the loss of power. Before each migration, and once a day,
 * a backup is made and opened to see that it works; a damaged database is moved aside and the newest good backup takes
 * its place.
 */
import Database from "better-sqlite3";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { EctopyError } from "../../contract/errors.ts";
import { systemError } from "../../contract/system-errors.ts";
import { migrations } from "./migrations/index.ts";

export type Connection = Database.Database;

/** "ECTO" in ASCII: says whose file it is (SQLite's `application_id`). */
export const APPLICATION_ID = 0x4543544f;
const BACKUPS_KEPT = 5;

export interface OpenOptions {
  /** Look, but change nothing: no migration, no backup, no repair. */
  readonly: boolean;
  /** Told in one sentence when something had to be repaired. */
  warn: (message: string) => void;
  /** Now, for the names of backups. */
  now: Date;
}

/**
 * @param path of the database; made when it is not there (not when read-only)
 * @throws EctopyError `workspace-unusable`: not an Ectopy database, a newer one, or damaged without a backup
 */
export function openDatabase(path: string, options: OpenOptions): Connection {
  try {
    return open(path, options);
  } catch (error) {
    throw systemError(error, `the workspace's database ${path}`);
  }
}

function open(path: string, { readonly, warn, now }: OpenOptions): Connection {
  const backups = join(path, "..", "backups");
  if (!readonly && existsSync(path) && !isSound(path)) restore(path, backups, now, warn);
  const database = readonly ? openToLook(path) : new Database(path, { timeout: 5000 });
  try {
    database.pragma("foreign_keys = ON");
    if (!readonly) {
      database.pragma("journal_mode = WAL");
      database.pragma("synchronous = FULL");
    }
    checkOwner(database, path);
    if (readonly) {
      if (version(database) < migrations.length) {
        throw new EctopyError(
          "workspace-unusable",
          `The database ${path} is from an older Ectopy and has to be brought up to date first.`,
          "Run any command that writes, such as `ectopy import`, once.",
        );
      }
      return database;
    }
    if (version(database) > 0) {
      if (version(database) < migrations.length) backup(database, backups, `before-version-${migrations.length}`);
      else backup(database, backups, now.toISOString().slice(0, 10));
    }
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function version(database: Connection): number {
  return database.pragma("user_version", { simple: true }) as number;
}

/** Runs the migrations that are missing, each in a transaction of its own. */
export function migrate(database: Connection, steps: readonly string[] = migrations): void {
  // A table is changed by making it anew: dropping the old one must not take with it what refers to it
  // (sqlite.org/lang_altertable.html, section 7). All references are checked before each step is kept.
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
      `The file ${path} is a database, but not one of Ectopy's.`,
      "Choose another folder with --workspace; this one was not changed.",
    );
  }
  if (version(database) > migrations.length) {
    throw new EctopyError(
      "workspace-unusable",
      `The workspace database ${path} was made by a newer Ectopy (version ${version(database)}, this one knows ${migrations.length}).`,
      "Update Ectopy, or choose another workspace with --workspace; this one was not changed.",
    );
  }
}

/** Even to look, WAL mode writes beside the database; where nothing can be written, a copy in memory is looked at. */
function openToLook(path: string): Connection {
  try {
    if (!isSound(path)) throw damaged(path);
    return new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const refused = /^SQLITE_(CANTOPEN|READONLY|IOERR_SHM)/.test(code);
    const wal = `${path}-wal`;
    // What stands in a WAL file is not yet in the database: without it, the copy would be an older state.
    if (!refused || (existsSync(wal) && statSync(wal).size > 0)) throw error;
    return snapshot(path);
  }
}

/** The database as it lies on the disk, in memory. */
function snapshot(path: string): Connection {
  const bytes = readFileSync(path);
  // Write and read version: 2 is WAL, 1 the rollback journal, all that memory knows (sqlite.org/fileformat.html, 1.3.3).
  bytes[18] = 1;
  bytes[19] = 1;
  const database = new Database(bytes, { readonly: true });
  if (database.pragma("quick_check(1)", { simple: true }) === "ok") return database;
  database.close();
  throw damaged(path);
}

/** Whether SQLite can read all of it. A failure of rights is no damage, and is thrown. */
function isSound(path: string): boolean {
  let database: Connection | undefined;
  try {
    database = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 });
    return database.pragma("quick_check(1)", { simple: true }) === "ok";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB") return false;
    throw error;
  } finally {
    database?.close();
  }
}

function damaged(path: string): EctopyError {
  return new EctopyError(
    "workspace-unusable",
    `The workspace database ${path} is damaged.`,
    "Run any command that writes, such as `ectopy import`: it restores the newest good backup.",
  );
}

function restore(path: string, backups: string, now: Date, warn: (message: string) => void): void {
  const good = listBackups(backups).find((name) => isSound(join(backups, name)));
  if (good === undefined) {
    throw new EctopyError(
      "workspace-unusable",
      `The workspace database ${path} is damaged, and there is no good backup of it.`,
      "Choose another workspace with --workspace; recordings and models in this one's folders are untouched.",
    );
  }
  const aside = `${path}.damaged-${now.toISOString().replaceAll(":", "-")}`;
  renameSync(path, aside);
  for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix, { force: true });
  copyFileSync(join(backups, good), path);
  warn(`The database was damaged: it was moved to ${aside}, and the backup ${good} was restored.`);
}

/** Makes a backup under a name, unless there is one of that name; keeps the newest few. */
function backup(database: Connection, folder: string, name: string): void {
  const path = join(folder, `${name}.sqlite`);
  if (existsSync(path)) return;
  mkdirSync(folder, { recursive: true });
  const partial = `${path}.partial`;
  rmSync(partial, { force: true });
  database.prepare("VACUUM INTO ?").run(partial);
  if (!isSound(partial)) throw new Error(`The backup ${partial} can't be read back.`);
  renameSync(partial, path);
  for (const old of listBackups(folder).slice(BACKUPS_KEPT)) rmSync(join(folder, old));
}

/** Names of the backups, newest first. */
function listBackups(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const madeAt = (name: string): number => statSync(join(folder, name)).mtimeMs;
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sqlite"))
    .sort((a, b) => madeAt(b) - madeAt(a) || b.localeCompare(a));
}
