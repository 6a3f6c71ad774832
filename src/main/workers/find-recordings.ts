/** Finds the recordings of a folder tree: WFDB records by their headers, all other formats by their first bytes. */
import { join } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import { counted } from "../../contract/text/format-number.ts";
import type { LeftOut } from "../../contract/domain/inspection.ts";
import { findRecordings as groupByFormat } from "../../pipeline/recordings/formats.ts";
import { isLevel5, LEVEL_5_HEADER_BYTES } from "../../pipeline/recordings/challenge-mat/mat-arrays.ts";
import { FIRST_BYTES } from "../../pipeline/recordings/format.ts";
import {
  groupFolder,
  type FolderGroups,
  type FolderReader,
  type FolderRecording,
} from "../../pipeline/recordings/finding/group-folder.ts";
import { DiskFolder } from "./disk-folder.ts";
import { listTree, type TreeFolder } from "./folder-tree.ts";
import type { SourceFolder } from "./source-folder.ts";

/** A recording in a folder tree. */
export interface FoundRecording extends FolderRecording {
  /** Folder below the root, with `/` as separator; empty: the root. */
  place: string;
}

/** Files after which a check without a result ends: a dialog waits for it. */
const MAX_FILES_CHECKED = 2000;
/** Largest header that is read for the names in it. */
const MAX_HEADER_BYTES = 1_000_000;

/** Groups the files of one folder by recording. */
export function groupFiles(folder: SourceFolder, files: readonly string[]): FolderGroups {
  const reader: FolderReader = {
    text: (file) => {
      const bytes = folder.firstBytes(file, MAX_HEADER_BYTES);
      return bytes === null ? null : Buffer.from(bytes).toString("latin1");
    },
    endsLikeAnnotations: (file) => {
      const end = folder.lastBytes(file, 2);
      return end?.length === 2 && end[0] === 0 && end[1] === 0;
    },
    isOfOtherFormat: (file) => {
      const bytes = file.toLowerCase().endsWith(".mat") ? folder.firstBytes(file, LEVEL_5_HEADER_BYTES) : null;
      return bytes !== null && isLevel5(bytes);
    },
    others: (names) => groupOthers(folder, names),
  };
  return groupFolder(files, reader);
}

/** Groups all files of a folder at once, in the calling thread. @throws EctopyError as {@link listTree} */
export function findRecordings(path: string): { root: string; recordings: FoundRecording[] } {
  const { root, folders } = listTree(path);
  const recordings = folders.flatMap((folder) =>
    groupTreeFolder(root, folder).recordings.map((recording) => ({ ...recording, place: folder.place })),
  );
  return { root, recordings };
}

/**
 * Refuses a path without any recording, as far as its first files say.
 * @throws EctopyError `nothing-usable`; as {@link listTree}
 */
export function refuseWithoutRecordings(path: string): void {
  const { root, folders, only } = listTree(path);
  const leftOut: LeftOut[] = [];
  let files = 0;
  for (const folder of folders) {
    const found = groupTreeFolder(root, folder);
    if (found.recordings.some((recording) => only === null || recording.files.includes(only))) return;
    leftOut.push(...found.leftOut.map((each) => ({ place: folder.place, ...each })));
    files += folder.files.length;
    if (files > MAX_FILES_CHECKED) return; // The import reads all of them.
  }
  throw nothingFound(path, only, leftOut, files);
}

/**
 * @param only name of the file that was chosen; null: a folder
 * @param files number of files in the folder
 */
export function nothingFound(
  shown: string,
  only: string | null,
  leftOut: readonly LeftOut[],
  files: number,
): EctopyError {
  const reasons = leftOut.filter(({ file }) => only === null || file === only);
  const orphans = reasons.some(({ reason }) => reason === "no-header");
  const archive = reasons.find(({ reason }) => reason === "archive")?.file;
  const [message, fix] =
    only === null ? nothingIn(shown, { orphans, archive, files }) : notRead(shown, { orphans, archive });
  return new EctopyError("nothing-usable", message, fix);
}

const CHOOSE_RECORDINGS =
  "Choose a folder with recordings: WFDB (.hea, .dat, .atr), EDF, BDF and others, at any depth.";

function nothingIn(
  shown: string,
  { orphans, archive, files }: { orphans: boolean; archive: string | undefined; files: number },
): [message: string, fix: string] {
  if (files === 0) return [`There are no recordings in ${shown}: it has no files.`, CHOOSE_RECORDINGS];
  if (archive !== undefined) {
    return [`There are no recordings in ${shown}, but an archive.`, `Unpack ${archive}, or import it alone.`];
  }
  return [
    `There are no recordings in ${shown}: ${orphans ? "it contains no header (.hea)" : `none of its ${counted(files, "file")} is of a supported format`}.`,
    CHOOSE_RECORDINGS,
  ];
}

function notRead(
  shown: string,
  { orphans, archive }: { orphans: boolean; archive: string | undefined },
): [message: string, fix: string] {
  if (archive !== undefined) {
    return [`${shown} is an archive, and no ZIP file that can be read.`, "Unpack it, and import the folder."];
  }
  if (orphans) return [`${shown} has no header (.hea) beside it.`, "Copy its header into the same folder."];
  return [`${shown} is no recording of a supported format.`, CHOOSE_RECORDINGS];
}

function groupTreeFolder(root: string, { place, files }: TreeFolder): FolderGroups {
  return groupFiles(new DiskFolder(join(root, place)), files);
}

function groupOthers(
  folder: SourceFolder,
  names: readonly string[],
): { recordings: FolderRecording[]; others: string[] } {
  const files = names.map((name) => ({
    name,
    firstBytes: folder.firstBytes(name, FIRST_BYTES) ?? new Uint8Array(),
  }));
  const { recordings, others } = groupByFormat(files);
  return {
    recordings: recordings.map(({ name, format, files: own }) => ({
      name,
      format: format.id,
      files: own,
      annotators: [],
    })),
    others,
  };
}
