/**
 * Files that only their user can read, because stored data may name patients.
 *
 * Folders have the mode 0700 and files 0600. Windows has no such modes: there the workspace folder has a separate
 * access list (`windows-rights.ts`), which everything in it inherits.
 */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
  type Stats,
} from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "./make-folder.ts";

export const PRIVATE_FOLDER_MODE = 0o700;
export const PRIVATE_FILE_MODE = 0o600;
/** Rights of the group and of all others. */
const OTHERS = 0o077;

/** Reason why other users can still read a file. */
export type OpenReason =
  /** It belongs to another user of the machine. */
  | "other-owner"
  /** Its file system does not support access rights (FAT, exFAT, some network drives), or refuses to change them. */
  | "no-rights";

export interface OpenPath {
  path: string;
  reason: OpenReason;
}

export interface Tightened {
  /** Paths that others could read until now. */
  closed: string[];
  /** Paths that others can still read. */
  open: OpenPath[];
}

/** Creates a folder and the missing folders above it, for this user only. An existing folder keeps its rights. */
export function makePrivateFolder(path: string): void {
  makeFolder(path, PRIVATE_FOLDER_MODE);
}

/** Creates an empty file for this user only, which a library then fills; an existing file is not changed. */
export function createPrivateFile(path: string): void {
  closeSync(openSync(path, "a", PRIVATE_FILE_MODE));
}

/**
 * Writes a file for this user only, completely or not at all: under a temporary name, synced to the disk, then renamed.
 * The folder must exist.
 */
export function writePrivateFile(path: string, content: string | Uint8Array): void {
  const aside = `${path}.${process.pid}.partial`;
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  try {
    // A file that an earlier process with this number left may have other rights.
    rmSync(aside, { force: true });
    const file = openSync(aside, "wx", PRIVATE_FILE_MODE);
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

/**
 * Removes the access rights of other users from one file or folder; follows no link.
 * @throws the system's error if the path does not exist
 */
export function tighten(path: string): Tightened {
  const result: Tightened = { closed: [], open: [] };
  tightenOne(path, lstatSync(path), result);
  return result;
}

/** Does the same as {@link tighten} for a folder and everything in it, such as a folder that is about to be stored. */
export function tightenTree(folder: string): Tightened {
  const result: Tightened = { closed: [], open: [] };
  const walk = (path: string, stats: Stats): void => {
    // The contents first: after an interruption, the rights of the folder still show that it must be done again.
    if (stats.isDirectory()) {
      for (const name of readdirSync(path)) walk(join(path, name), lstatSync(join(path, name)));
    }
    tightenOne(path, stats, result);
  };
  walk(folder, lstatSync(folder));
  return result;
}

/**
 * Returns the paths in a folder, and the folder itself, that another user of the machine can read. Always empty on
 * Windows, where `windows-rights.ts` checks access.
 * @param maxPaths largest number of paths; the search ends there
 */
export async function openToOthers(folder: string, maxPaths = 1000): Promise<string[]> {
  const found: string[] = [];
  const walk = async (path: string): Promise<void> => {
    const stats = found.length < maxPaths ? await lstat(path).catch(() => null) : null;
    if (stats === null) return;
    if (isOpen(stats)) found.push(path);
    if (!stats.isDirectory()) return;
    for (const name of await readdir(path).catch(() => [])) await walk(join(path, name));
  };
  await walk(folder);
  return found;
}

export function merge(results: readonly Tightened[]): Tightened {
  return { closed: results.flatMap(({ closed }) => closed), open: results.flatMap(({ open }) => open) };
}

/** Returns whether other users have any right to a file or folder. The mode of a link has no effect. */
export function isOpen(stats: Stats): boolean {
  return process.platform !== "win32" && !stats.isSymbolicLink() && (stats.mode & OTHERS) !== 0;
}

function tightenOne(path: string, stats: Stats, result: Tightened): void {
  if (!isOpen(stats)) return;
  if (stats.uid !== process.geteuid?.()) {
    result.open.push({ path, reason: "other-owner" });
    return;
  }
  try {
    chmodSync(path, stats.mode & 0o7700);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    // The file was removed in the meantime, such as a journal of the database.
    if (code === "ENOENT") return;
    if (!["EPERM", "EACCES", "EROFS", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code)) throw error;
    result.open.push({ path, reason: "no-rights" });
    return;
  }
  // Some file systems accept the change without effect.
  const still = isOpen(lstatSync(path));
  if (still) result.open.push({ path, reason: "no-rights" });
  else result.closed.push(path);
}
