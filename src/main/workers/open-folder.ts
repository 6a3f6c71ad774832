/** Opens the folder of recordings that a task of a worker thread names. */
import { DiskFolder } from "./disk-folder.ts";
import type { SourceFolder } from "./source-folder.ts";
import { ZipFolder, type ZippedFolder } from "./zip-folder.ts";

/** Path of a folder on the disk, or files of a ZIP file; it survives structured cloning. */
export type FolderPlace = string | ZippedFolder;

/** Opens a folder of which no file is read whole: to find the recordings in it. */
export function openFolder(place: FolderPlace): SourceFolder {
  return typeof place === "string" ? new DiskFolder(place) : new ZipFolder(place);
}

/**
 * Does some work with the folder of one recording. Files that are unpacked for it are removed afterwards.
 * @throws EctopyError `disk-full`, `no-access` if a temporary file can't be written; errors of the work
 */
export async function inFolder<T>(place: FolderPlace, work: (folder: SourceFolder) => T | Promise<T>): Promise<T> {
  if (typeof place === "string") return work(new DiskFolder(place));
  const folder = new ZipFolder(place);
  try {
    await folder.extractLargeFiles();
    return await work(folder);
  } finally {
    await folder.removeExtracted();
  }
}
