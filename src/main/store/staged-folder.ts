/**
 * Folders that are there as a whole or not at all: written aside, brought to the disk, then renamed into place inside the
 * transaction that names them in the database.
 */
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Begins every folder that is still being written; swept away when the workspace is next opened. */
const ASIDE = ".incoming-";

export class StagedFolder {
  readonly path: string;

  /** @param parent folder in which it will stand */
  constructor(parent: string) {
    mkdirSync(parent, { recursive: true });
    this.path = mkdtempSync(join(parent, ASIDE));
  }

  /**
   * Writes everything to the disk and gives the folder its name.
   * @param durable false: a power cut may take it, which is well where it can be made again and hundreds of files are to be written
   */
  commit(destination: string, durable = true): void {
    if (durable) syncTree(this.path);
    renameSync(this.path, destination);
    if (durable) syncFolder(join(destination, ".."));
  }

  /** Takes it away again; after {@link commit} there is nothing left to take. */
  discard(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Removes what an interrupted process left: folders still aside, and folders that no row names. */
export function sweep(parent: string, isNamed: (id: string) => boolean): void {
  let names: string[];
  try {
    names = readdirSync(parent);
  } catch {
    return; // not there yet
  }
  for (const name of names) {
    if (name.startsWith(ASIDE) || (/^\d+$/.test(name) && !isNamed(name))) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}

/** Brings a folder and all in it to the disk; what already is there costs little. */
export function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else sync(path, "r+");
  }
  syncFolder(folder);
}

/** Brings a folder's names to the disk. */
export function syncFolder(path: string): void {
  // Windows can't open a folder; its file system keeps the order of names by itself.
  if (process.platform !== "win32") sync(path, "r");
}

function sync(path: string, mode: "r" | "r+"): void {
  const descriptor = openSync(path, mode);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
