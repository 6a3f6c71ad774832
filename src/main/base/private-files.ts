/**
 * Files that only their user can read: what Ectopy stores may name patients.
 *
 * Folders have the mode 0700 and files 0600. Windows knows no such modes: there the workspace folder has an access list
 * of its own (`windows-rights.ts`), which everything in it inherits.
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

/** Why something can still be read by others. */
export type KeptOpen =
  /** It belongs to another user of the machine. */
  | "other-owner"
  /** Its file system keeps no rights (FAT, exFAT, some network drives), or refuses to change them. */
  | "no-rights";

export interface OpenPath {
  path: string;
  reason: KeptOpen;
}

export interface Tightened {
  /** Paths that others could read until now. */
  closed: string[];
  /** Paths that others can still read. */
  open: OpenPath[];
}

/** Makes a folder and those above it that are missing, for this user alone. An existing folder keeps its rights. */
export function makePrivateFolder(path: string): void {
  makeFolder(path, PRIVATE_FOLDER_MODE);
}

/** Makes an empty file for this user alone, for a library to fill; a file that is there stays as it is. */
export function createPrivateFile(path: string): void {
  closeSync(openSync(path, "a", PRIVATE_FILE_MODE));
}

/**
 * Writes a file for this user alone, as a whole or not at all: aside, brought to the disk, then renamed. The folder
 * exists.
 */
export function writePrivateFile(path: string, content: string | Uint8Array): void {
  const aside = `${path}.${process.pid}.partial`;
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  try {
    // What a process of this number left behind may have other rights.
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
 * Takes the rights of others from one file or folder; follows no link.
 * @throws the system's error where there is nothing at the path
 */
export function tighten(path: string): Tightened {
  const result: Tightened = { closed: [], open: [] };
  tightenOne(path, lstatSync(path), result);
  return result;
}

/** {@link tighten} for a folder and all in it, such as a folder that is about to be stored. */
export function tightenTree(folder: string): Tightened {
  const result: Tightened = { closed: [], open: [] };
  const walk = (path: string, stats: Stats): void => {
    // What is inside first: where this is interrupted, the folder still shows that it has to be done again.
    if (stats.isDirectory()) {
      for (const name of readdirSync(path)) walk(join(path, name), lstatSync(join(path, name)));
    }
    tightenOne(path, stats, result);
  };
  walk(folder, lstatSync(folder));
  return result;
}

/**
 * Everything in a folder, and the folder itself, that another user of the machine can read. Windows: always empty
 * (`windows-rights.ts` checks there).
 * @param most paths to return; the search ends there
 */
export async function openToOthers(folder: string, most = 1000): Promise<string[]> {
  const found: string[] = [];
  const walk = async (path: string): Promise<void> => {
    const stats = found.length < most ? await lstat(path).catch(() => null) : null;
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

/** Whether others have any right to it. A link's own mode means nothing. */
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
    // It was removed meanwhile, such as a journal of the database.
    if (code === "ENOENT") return;
    if (!["EPERM", "EACCES", "EROFS", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code)) throw error;
    result.open.push({ path, reason: "no-rights" });
    return;
  }
  // Some file systems accept the change and do nothing.
  const still = isOpen(lstatSync(path));
  if (still) result.open.push({ path, reason: "no-rights" });
  else result.closed.push(path);
}
