/**
 * Backups of the workspace's database: which there are, how one is made and checked, which are kept.
 *
 * A backup gets its name only once it was read back. The newest few are kept, and the newest of each of the last days, within a
 * bound of space; so a fault that is noticed late still finds a state from before it.
 */
import type Database from "better-sqlite3";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { createPrivateFile, makePrivateFolder } from "../base/private-files.ts";
import { isGoodBackup } from "./database-check.ts";
import { syncFile } from "./disk.ts";

export const BACKUPS_FOLDER = "backups";
const SUFFIX = ".sqlite";
const NEWEST_KEPT = 5;
const DAYS_KEPT = 7;
/** Backups may take this many times the space of the newest one, and never less than the floor below. */
const MAX_SPACE_RATIO = 6;
const SPACE_FLOOR_BYTES = 200_000_000;
/** These stay whatever space they take. */
const ALWAYS_KEPT = 2;

export interface Backup {
  name: string;
  path: string;
  bytes: number;
  madeAt: Date;
}

/** Returns the backups in a folder, newest first. */
export function listBackups(folder: string): Backup[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => {
      const path = join(folder, name);
      const { size, mtime } = statSync(path);
      return { name, path, bytes: size, madeAt: mtime };
    })
    .sort((a, b) => b.madeAt.getTime() - a.madeAt.getTime() || b.name.localeCompare(a.name));
}

/** Returns the newest backup that can be read whole. */
export function newestGoodBackup(folder: string): Backup | undefined {
  return listBackups(folder).find(({ path }) => isGoodBackup(path));
}

/** Returns the name of a backup made at a moment, such as `2026-01-31T12-00-00-000`. */
export function backupName(at: Date): string {
  return at.toISOString().slice(0, 23).replaceAll(/[:.]/g, "-");
}

/**
 * Makes a backup, reads it back and gives it its name, unless there is one of that name. Then removes those that need not be kept.
 * @param database any connection to the database, a read-only one too
 */
export function makeBackup(database: Database.Database, folder: string, name: string): void {
  const path = join(folder, name + SUFFIX);
  if (existsSync(path)) return;
  makePrivateFolder(folder);
  const partial = `${path}.partial`;
  rmSync(partial, { force: true });
  try {
    createPrivateFile(partial);
    database.prepare("VACUUM INTO ?").run(partial);
    if (!isGoodBackup(partial)) throw new Error(`The backup ${partial} can't be read back.`);
    syncFile(partial);
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
  removeOldBackups(folder);
}

function removeOldBackups(folder: string): void {
  const backups = listBackups(folder);
  const kept = new Set(backupsToKeep(backups).map(({ name }) => name));
  for (const { name, path } of backups) if (!kept.has(name)) rmSync(path, { force: true });
}

/** Returns which of the backups are kept. @param backups newest first */
export function backupsToKeep<Item extends Pick<Backup, "bytes" | "madeAt">>(backups: readonly Item[]): Item[] {
  const days = new Set<string>();
  const wanted = backups.filter((backup, i) => {
    const day = backup.madeAt.toISOString().slice(0, 10);
    const newestOfDay = !days.has(day);
    days.add(day);
    return i < NEWEST_KEPT || (newestOfDay && days.size <= DAYS_KEPT);
  });
  const bound = Math.max(SPACE_FLOOR_BYTES, MAX_SPACE_RATIO * (backups[0]?.bytes ?? 0));
  let bytes = 0;
  return wanted.filter((backup, i) => i < ALWAYS_KEPT || (bytes += backup.bytes) <= bound);
}
