/** Brings files and folders to the disk, so that the loss of power takes nothing that was called stored. */
import { closeSync, fsyncSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Brings a folder and all in it to the disk; files that are there already cost little. */
export function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else syncFile(path);
  }
  syncFolder(folder);
}

export function syncFile(path: string): void {
  sync(path, "r+");
}

/** Brings the names in a folder to the disk. */
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
