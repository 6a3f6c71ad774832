/**
 * Folders that are stored completely or not at all. A folder is written under a temporary name, synced to the disk, and
 * renamed inside the transaction that names it in the database.
 */
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { makePrivateFolder, tightenTree } from "../base/private-files.ts";
import { isRunning } from "../base/process-identity.ts";
import { syncFolder, syncTree } from "./disk.ts";

/** Begins the name of every folder that is still being written. */
const INCOMING = ".incoming-";
/** Begins the name of every folder that is being removed. */
const REMOVED = ".removed-";
/** Begins the name of every folder that is being replaced; the folder's number follows. */
const REPLACED = ".replaced-";
/** Name of a folder that was set aside, within its holder. */
const ASIDE = "folder";

export class StagedFolder {
  readonly path: string;

  /** @param parent the folder that will contain it */
  constructor(parent: string) {
    makePrivateFolder(parent);
    this.path = mkdtempSync(join(parent, INCOMING));
  }

  /** Closes everything to other users, syncs it to the disk and renames the folder. */
  commit(destination: string): void {
    // Libraries and worker threads created the files, with the system's default rights.
    tightenTree(this.path);
    syncTree(this.path);
    renameSync(this.path, destination);
    syncFolder(dirname(destination));
  }

  /** Deletes the folder; does nothing after {@link commit}. */
  discard(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Folder that was moved out of its place. */
export interface FolderAside {
  /** Path of the folder to delete. */
  holder: string;
  /** Deletes the folder. */
  finish: () => void;
  /** Moves the folder back. */
  undo: () => void;
}

/**
 * Moves a folder out of its place, to delete it: {@link sweep} deletes the rest after an interruption.
 * @returns undefined if there is no such folder
 */
export function setAside(folder: string): FolderAside | undefined {
  return moveInto(REMOVED, folder);
}

/**
 * Moves a numbered folder out of its place, to replace it: after an interruption, {@link replacedFolders} names it.
 * @returns undefined if there is no such folder
 */
export function setAsideForReplacement(folder: string): FolderAside | undefined {
  return moveInto(`${REPLACED}${basename(folder)}-`, folder);
}

/** Returns the folders that an interrupted process was replacing: the number of each, and its present path. */
export function replacedFolders(parent: string): { id: number; holder: string; aside: string }[] {
  return namesIn(parent).flatMap((name) => {
    const [, id] = new RegExp(`^\\${REPLACED}([1-9]\\d*)-`).exec(name) ?? [];
    const holder = join(parent, name);
    return id === undefined ? [] : [{ id: Number(id), holder, aside: join(holder, ASIDE) }];
  });
}

function moveInto(prefix: string, folder: string): FolderAside | undefined {
  if (!existsSync(folder)) return;
  const holder = mkdtempSync(join(dirname(folder), prefix));
  const aside = join(holder, ASIDE);
  renameSync(folder, aside);
  const finish = (): void => rmSync(holder, { recursive: true, force: true });
  return {
    holder,
    finish,
    undo: () => {
      renameSync(aside, folder);
      finish();
    },
  };
}

/** Deletes folders that an interrupted process was writing or removing. Only the owner of the workspace may call it. */
export function sweep(parent: string): void {
  for (const name of namesIn(parent)) {
    if (name.startsWith(INCOMING) || name.startsWith(REMOVED)) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}

/**
 * Ending of the name of a file that is being written; it holds the process number if several processes may write the
 * file.
 */
const UNFINISHED_FILE = /(?:\.(\d+))?\.(?:partial|restored)$/;

/** Deletes files in a folder that ended processes were writing. Only the owner of the workspace may call it. */
export function sweepFiles(parent: string): void {
  for (const name of namesIn(parent)) {
    const [found, writer] = UNFINISHED_FILE.exec(name) ?? [];
    if (found === undefined) continue;
    // A file with the number of this process is an earlier process's: this process writes files without interruption.
    const other = writer !== undefined && Number(writer) !== process.pid;
    if (!other || !isRunning(Number(writer))) rmSync(join(parent, name), { force: true });
  }
}

/** Returns the numbers of the numbered folders in a folder, in ascending order; none if it does not exist. */
export function numberedFolders(parent: string): number[] {
  return namesIn(parent)
    .filter((name) => /^[1-9]\d{0,15}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // The folder does not exist yet.
  }
}
