/**
 * Folders that are there as a whole or not at all: written aside, brought to the disk, then renamed into place inside the
 * transaction that names them in the database.
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
/** Begins the name of every folder that is being replaced; its number follows. */
const REPLACED = ".replaced-";
/** Name of a set-aside folder in its holder. */
const ASIDE = "folder";

export class StagedFolder {
  readonly path: string;

  /** @param parent folder in which it will stand */
  constructor(parent: string) {
    makePrivateFolder(parent);
    this.path = mkdtempSync(join(parent, INCOMING));
  }

  /** Closes everything to other users, brings it to the disk and gives the folder its name. */
  commit(destination: string): void {
    // Its files were made by libraries and worker threads, with the rights that the system gives by itself.
    tightenTree(this.path);
    syncTree(this.path);
    renameSync(this.path, destination);
    syncFolder(dirname(destination));
  }

  /** Takes it away again; after {@link commit} there is nothing left to take. */
  discard(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A folder that was taken out of its place. */
export interface FolderAside {
  /** Path of all that is to be deleted. */
  holder: string;
  /** Deletes it. */
  finish: () => void;
  /** Puts it back. */
  undo: () => void;
}

/**
 * Takes a folder out of its place at once, for good: what an interruption leaves of it is deleted by {@link sweep}.
 * @returns undefined where there is no such folder
 */
export function setAside(folder: string): FolderAside | undefined {
  return moveInto(REMOVED, folder);
}

/**
 * Takes a numbered folder out of its place until another stands there: after an interruption, {@link replacedFolders} names it.
 * @returns undefined where there is no such folder
 */
export function setAsideForReplacement(folder: string): FolderAside | undefined {
  return moveInto(`${REPLACED}${basename(folder)}-`, folder);
}

/** Returns the folders that an interrupted process was replacing: where each stood, and where it is now. */
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

/** Deletes folders that an interrupted process was still writing or removing. To be called by the owner of the folder alone. */
export function sweep(parent: string): void {
  for (const name of namesIn(parent)) {
    if (name.startsWith(INCOMING) || name.startsWith(REMOVED)) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}

/** Ends the name of a file that is being written, with the number of the process where several may write it. */
const UNFINISHED_FILE = /(?:\.(\d+))?\.(?:partial|restored)$/;

/** Deletes files of a folder that ended processes were writing. To be called by the owner of the folder alone. */
export function sweepFiles(parent: string): void {
  for (const name of namesIn(parent)) {
    const [found, writer] = UNFINISHED_FILE.exec(name) ?? [];
    if (found === undefined) continue;
    // One with this process' number is of an earlier process: this one writes files without a pause.
    const other = writer !== undefined && Number(writer) !== process.pid;
    if (!other || !isRunning(Number(writer))) rmSync(join(parent, name), { force: true });
  }
}

/** Returns the numbers of the folders in a folder, in their order; none where it is not there. */
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
    return []; // not there yet
  }
}
