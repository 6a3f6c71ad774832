/** Lists the files that were dropped on the page, including those in dropped folders. */
import type { SelectedFile } from "./import-files.ts";

/** Call it inside the event handler: the browser clears the dropped items after the event. */
export function droppedEntries(transfer: DataTransfer): FileSystemEntry[] {
  return [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
}

export async function filesOf(entries: readonly FileSystemEntry[]): Promise<SelectedFile[]> {
  const found = await Promise.all(entries.map(filesIn));
  return found.flat().sort((a, b) => a.path.localeCompare(b.path));
}

async function filesIn(entry: FileSystemEntry): Promise<SelectedFile[]> {
  if (entry.name.startsWith(".")) return [];
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, "") }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    // A reader returns up to 100 entries at a time, and none at the end.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return filesOf(entries);
    entries.push(...batch);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
