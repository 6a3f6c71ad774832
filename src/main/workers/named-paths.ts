/**
 * Checks of a path that a user named: whether it exists, is of the needed kind, can be written to, and has room. Each
 * of them may wait for a disk or a network without end: they run in a separate process (named-paths-process.ts).
 */
import { accessSync, constants, existsSync, mkdirSync, rmdirSync, statfsSync, statSync, type Stats } from "node:fs";
import { dirname } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { NamedPath, PathPurpose } from "../../contract/domain/machine.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { aside } from "../base/aside.ts";
import { noFolders } from "../base/make-folder.ts";
import { refuseWithoutRecordings } from "./find-recordings.ts";
import { isZip } from "./list-zip.ts";

/** Least free space of a folder to write into: an export of one run's tables. */
const MIN_FREE_BYTES = 1_000_000;

/** @throws EctopyError `not-found`, `no-access`, `disk-full`, `unsupported`, `nothing-usable` */
export function checkPath(path: string, purpose: PathPurpose): NamedPath {
  switch (purpose) {
    case "export":
    case "workspace":
      return checkTarget(path);
    case "model":
    case "file":
      checkReadable(path);
      return { path, isNew: false, freeBytes: null };
    case "recordings":
      checkRecordings(path);
      return { path, isNew: false, freeBytes: null };
  }
}

/**
 * Checks a folder to write into. Only its last component may be missing: a mistyped folder is not created above that.
 */
function checkTarget(path: string): NamedPath {
  const stats = statOf(path);
  if (stats !== undefined && !stats.isDirectory()) {
    throw new EctopyError("no-access", `${path} is a file, not a folder.`, "Choose a folder.");
  }
  const isNew = stats === undefined;
  const folder = isNew ? dirname(path) : path;
  if (isNew && !existsSync(folder)) throw missing(firstMissing(folder));
  refuseUnwritable(folder);
  const { blocks, bavail, bsize } = statfsSync(folder);
  // Some virtual file systems report no size at all.
  const freeBytes = blocks === 0 ? null : bavail * bsize;
  if (freeBytes !== null && freeBytes < MIN_FREE_BYTES) {
    throw new EctopyError("disk-full", `No space is left in ${folder}.`, "Free some space, or choose another folder.");
  }
  return { path, isNew, freeBytes };
}

function refuseUnwritable(folder: string): void {
  try {
    // Access rights alone do not tell: a mount may be read-only, and a virtual file system has no room for files.
    // Its name lets a later export remove it where this process is killed in between.
    const probe = aside(folder, "check", "new");
    mkdirSync(probe);
    rmdirSync(probe);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") throw noFolders(folder, error);
    throw systemError(error, `the folder ${folder}`);
  }
}

/** Checks a folder, a ZIP file or a file with recordings. */
function checkRecordings(path: string): void {
  const stats = statOf(path);
  if (stats === undefined && !isZip(path)) throw missing(firstMissing(path));
  if (stats?.isDirectory() !== true) checkReadable(path);
  if (!isZip(path)) refuseWithoutRecordings(path);
}

function checkReadable(path: string): void {
  const stats = statOf(path);
  if (stats === undefined) {
    const folder = dirname(path);
    throw existsSync(folder)
      ? new EctopyError("not-found", `${path} does not exist.`, "Check the path.")
      : missing(firstMissing(folder));
  }
  if (!stats.isFile()) {
    throw new EctopyError("unsupported", `${path} is not a regular file.`, "Choose a file.");
  }
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw systemError(error, path);
  }
}

/** Returns undefined where the path does not exist. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw systemError(error, path);
  }
}

function firstMissing(folder: string): string {
  const above = dirname(folder);
  return above === folder || existsSync(above) ? folder : firstMissing(above);
}

function missing(folder: string): EctopyError {
  return new EctopyError(
    "not-found",
    `The folder ${folder} does not exist.`,
    "Correct the path, or create the folder first.",
  );
}
