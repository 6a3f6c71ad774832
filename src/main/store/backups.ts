/**
 * Backups of the workspace's database: they are listed, made, checked and removed here.
 *
 * A backup gets its name only after it was read back. The newest backups are kept, and the newest one of each of the
 * last days, up to a limit of space. So a fault that is noticed late still finds a backup from before it.
 */
import type Database from "better-sqlite3";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { createPrivateFile, makePrivateFolder } from "../base/private-files.ts";
import { isGoodBackup } from "./database-check.ts";
import { syncFile } from "./disk.ts";

export const BACKUPS_FOLDER = "backups";
const SUFFIX = ".sqlite";
/** Newest backups that are kept. */
const MAX_NEWEST = 5;
/** Days of which the newest backup is kept. */
const MAX_DAYS = 7;
/** Limit of space of all backups, in sizes of the newest one; the limit is at least {@link MIN_LIMIT_BYTES}. */
const MAX_SPACE_RATIO = 6;
const MIN_LIMIT_BYTES = 200_000_000;
/** Newest backups that are kept regardless of the limit of space. */
const MIN_BACKUPS = 2;

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

/** Returns the newest backup that can be read completely. */
export function newestGoodBackup(folder: string): Backup | undefined {
  return listBackups(folder).find(({ path }) => isGoodBackup(path));
}

/** Returns the name of a backup made at a moment, such as `2026-01-31T12-00-00-000`. */
export function backupName(at: Date): string {
  return at.toISOString().slice(0, 23).replaceAll(/[:.]/g, "-");
}

/**
 * Makes a backup, reads it back and renames it, unless a backup of that name exists. Then removes backups beyond the
 * limits.
 * @param database any connection to the database, also a read-only one
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
  const recent = backups.filter((backup, i) => {
    const day = backup.madeAt.toISOString().slice(0, 10);
    const newestOfDay = !days.has(day);
    days.add(day);
    return i < MAX_NEWEST || (newestOfDay && days.size <= MAX_DAYS);
  });
  const limit = Math.max(MIN_LIMIT_BYTES, MAX_SPACE_RATIO * (backups[0]?.bytes ?? 0));
  let bytes = 0;
  return recent.filter((backup, i) => i < MIN_BACKUPS || (bytes += backup.bytes) <= limit);
}
