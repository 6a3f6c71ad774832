/** What an inspection and an import read: a folder with all folders in it, or a ZIP file. */
import { join } from "node:path";
import type { LeftOut } from "../../../contract/domain/inspection.ts";
import type { FolderTree } from "../../workers/folder-tree.ts";
import type { FolderPlace } from "../../workers/open-folder.ts";
import type { ZipEntry } from "../../workers/zip-entry.ts";
import type { ZippedFolder } from "../../workers/zip-folder.ts";
import type { ZipTree } from "../../workers/zip-tree.ts";

export interface SourceTree {
  folders: readonly { place: string; files: readonly string[] }[];
  /** Files and folders that are not read. */
  leftOut: readonly LeftOut[];
  /** Name of the given file; null: a folder or an archive was given. */
  only: string | null;
  /** Returns some files of a folder, for a worker thread to open. */
  filesIn: (place: string, files: readonly string[]) => FolderPlace;
}

export function treeOfFolder({ root, ...tree }: FolderTree): SourceTree {
  return { ...tree, filesIn: (place) => join(root, place) };
}

export function treeOfZip({ folders, nested }: ZipTree, archive: Omit<ZippedFolder, "entries">): SourceTree {
  const entries = new Map(
    folders.map(({ place, entries: own }) => [place, new Map(own.map((entry) => [entry.name, entry]))]),
  );
  const chosen = (place: string, files: readonly string[]): ZipEntry[] =>
    files.flatMap((file) => entries.get(place)?.get(file) ?? []);
  return {
    folders: folders.map(({ place, entries: own }) => ({ place, files: own.map(({ name }) => name) })),
    leftOut: nested.map((file) => ({ place: "", file, reason: "archive" as const })),
    only: null,
    // Only the files of one recording are sent to a worker thread: sending all each time would take quadratic time.
    filesIn: (place, files) => ({ ...archive, entries: chosen(place, files) }),
  };
}
