/** Lists the files of a folder and of all folders in it, without opening any. */
import { readdirSync, statSync, type Dirent } from "node:fs";
import { basename, dirname, join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { isJunk } from "../../pipeline/recordings/finding/junk.ts";

/** A folder below the root, with its files. */
export interface TreeFolder {
  /** Path below the root, with `/` as separator; empty: the root. */
  place: string;
  /** Names, sorted. */
  files: string[];
}

export interface FolderTree {
  /** The folder to read: the given one, or the folder of the given file. */
  root: string;
  /** Folders with files, the root first, then in the order of their places. */
  folders: TreeFolder[];
  /** Folders that were not entered. */
  leftOut: { place: string; file: string; reason: "link" | "too-deep" }[];
  /** Name of the given file; null: a folder was given. */
  only: string | null;
}

/** Deepest folder that is entered: the most nested databases have five levels. */
const MAX_DEPTH = 32;
/** Most files of one import: a million of them is no dataset of recordings, but a disk. */
const MAX_FILES = 500_000;

/**
 * Lists a folder, or the folder of a file.
 * @param shown name of the folder for messages
 * @throws EctopyError `not-found`, `no-access`, `unsupported` (more than {@link MAX_FILES})
 */
export function listTree(given: string, shown = given): FolderTree {
  if (!isFolder(given, shown)) {
    const only = basename(given);
    return { root: dirname(given), folders: [{ place: "", files: filesOf(dirname(given)) }], leftOut: [], only };
  }
  const tree: FolderTree = { root: given, folders: [], leftOut: [], only: null };
  let count = 0;
  const open: { place: string; depth: number }[] = [{ place: "", depth: 0 }];
  for (let next = open.shift(); next; next = open.shift()) {
    const { place, depth } = next;
    const files: string[] = [];
    const below: typeof open = [];
    for (const entry of sortedEntries(join(given, place))) {
      const kind = kindOf(join(given, place, entry.name), entry);
      if (kind === "file") files.push(entry.name);
      else if (kind === "link") tree.leftOut.push({ place, file: entry.name, reason: "link" });
      else if (depth === MAX_DEPTH) tree.leftOut.push({ place, file: entry.name, reason: "too-deep" });
      else below.push({ place: place === "" ? entry.name : `${place}/${entry.name}`, depth: depth + 1 });
    }
    count += files.length;
    if (count > MAX_FILES) {
      throw new EctopyError(
        "unsupported",
        `${shown} contains more than ${MAX_FILES} files.`,
        "Choose a folder in it; recordings of further folders can be added to the dataset.",
      );
    }
    if (files.length > 0) tree.folders.push({ place, files });
    open.unshift(...below);
  }
  return tree;
}

function isFolder(path: string, shown: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw systemError(error, `folder ${shown}`);
  }
}

function filesOf(folder: string): string[] {
  return sortedEntries(folder)
    .filter((entry) => kindOf(join(folder, entry.name), entry) === "file")
    .map(({ name }) => name);
}

function sortedEntries(folder: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !isJunk(name));
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw systemError(error, `folder ${folder}`);
  }
}

/** A link to a file is read; a link to a folder is not entered: it may lead out of the folder, or in a circle. */
function kindOf(path: string, entry: Dirent): "file" | "folder" | "link" {
  if (entry.isDirectory()) return "folder";
  if (!entry.isSymbolicLink()) return "file";
  try {
    return statSync(path).isDirectory() ? "link" : "file";
  } catch {
    return "file"; // A link to nothing: opening it says so.
  }
}
