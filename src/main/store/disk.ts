/** Syncs files and folders to the disk, so that a power loss removes nothing that was reported as stored. */
import { closeSync, fsyncSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Syncs a folder and everything in it; files that are synced already take little time. */
export function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else syncFile(path);
  }
  syncFolder(folder);
}

/** Syncs the content of a file. */
export function syncFile(path: string): void {
  sync(path, "r+");
}

/** Syncs the file names in a folder. */
export function syncFolder(path: string): void {
  // Windows cannot open a folder; its file system preserves the order of name changes without a sync.
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
