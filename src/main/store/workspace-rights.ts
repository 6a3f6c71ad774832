/**
 * Access rights of a workspace: its top folder and Ectopy's files in it are closed to other users of the machine.
 * Earlier versions created it with the system's default rights, by which everyone can read it on most systems.
 */
import { lstatSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  isOpen,
  merge,
  openToOthers,
  tighten,
  tightenTree,
  type OpenPath,
  type Tightened,
} from "../base/private-files.ts";
import { isConflictedCopy } from "../base/storage-location.ts";
import { closeWindowsFolder, isWindowsFolderOpen, type RunProgram } from "../base/windows-rights.ts";
import { reportError } from "../../contract/domain/errors.ts";

/** Names of Ectopy's files and folders in a workspace. */
const ECTOPY_NAMES =
  /^(ectopy\.sqlite|workspace\.(lock|owner)|machine\.json|datasets$|preparations$|runs$|checkpoints$|downloads$|backups$|logs$|temporary$|unregistered$)/;
/** Folder of temporary folders: each of these is private, and is deleted soon. */
const TEMPORARY = "temporary";
/** Names of files that systems and synchronising programs create in any folder. */
const SYSTEM_NAMES = /^(\.|desktop\.ini$|Thumbs\.db$|lost\+found$|Icon\r$)/i;

export interface ClosedWorkspace extends Tightened {
  /** The top folder also holds other files, so its rights were not changed. */
  sharedTop: boolean;
}

/** Closes the top folder first, then the files directly in it, backups and logs. Fast: a few dozen files. */
export function closeTopLevel(folder: string): ClosedWorkspace {
  const top = realpathSync(folder);
  const names = readdirSync(top);
  const results: Tightened[] = [];
  const sharedTop = isShared(names);
  if (!sharedTop) results.push(tighten(top));
  for (const name of names.filter(isEctopys)) {
    const path = join(top, name);
    try {
      results.push(["backups", "logs"].includes(name) ? tightenTree(path) : tighten(path));
    } catch (error) {
      // The file was removed in the meantime, such as a journal of the database.
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
  return { ...merge(results), sharedTop: sharedTop && isOpen(lstatSync(top)) };
}

/** Closes all remaining files, folder by folder, so that the process stays responsive. */
export async function closeRest(folder: string, signal?: AbortSignal): Promise<Tightened> {
  const top = realpathSync(folder);
  const results: Tightened[] = [];
  for (const name of readdirSync(top).filter(isEctopys)) {
    const path = join(top, name);
    if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) continue;
    for (const inner of readdirSync(path)) {
      if (signal?.aborted) return merge(results);
      await setImmediate();
      if (lstatSync(join(path, inner), { throwIfNoEntry: false })) results.push(tightenTree(join(path, inner)));
    }
  }
  return merge(results);
}

/**
 * Returns the paths of Ectopy in a workspace that other users of the machine can read.
 * @param maxPaths largest number of paths
 */
export async function openInWorkspace(folder: string, maxPaths = 1000): Promise<string[]> {
  const top = realpathSync(folder);
  if (process.platform === "win32") return isWindowsFolderOpen(top) ? [top] : [];
  const names = readdirSync(top);
  const open = !isShared(names) && isOpen(lstatSync(top)) ? [top] : [];
  for (const name of names.filter((each) => isEctopys(each) && each !== TEMPORARY)) {
    open.push(...(await openToOthers(join(top, name), maxPaths - open.length)));
  }
  return open;
}

/**
 * Returns whether a name is Ectopy's. A conflicted copy of the database, made by a synchronising program, holds the
 * same data.
 */
function isEctopys(name: string): boolean {
  return ECTOPY_NAMES.test(name) || isConflictedCopy(name);
}

/** Returns whether a folder also holds files that are not Ectopy's. */
function isShared(names: readonly string[]): boolean {
  return names.some((name) => !isEctopys(name) && !SYSTEM_NAMES.test(name));
}

/**
 * Closes a workspace when it is opened, and warns the user of files that were open, and of files that still are.
 * @returns whether a file was open to others: then {@link closeRest} must close the others
 */
export function closeToOthers(folder: string, warn: (message: string) => void, run?: RunProgram): boolean {
  if (process.platform === "win32" || run !== undefined) return closeOnWindows(folder, warn, run);
  const { closed, open, sharedTop } = closeTopLevel(folder);
  // Behind a closed top folder no file was open, whatever its rights.
  if (closed.length > 0 && (sharedTop || closed.includes(realpathSync(folder)))) {
    warn(`Other users of this machine could read the workspace ${folder}. It is now closed to them.`);
    if (sharedTop) {
      warn(
        `The folder ${folder} also holds files that are not Ectopy's: the rights of the folder were not changed, Ectopy's files are closed.`,
      );
    }
  }
  for (const sentence of describeOpenPaths(folder, open)) warn(sentence);
  return closed.length > 0;
}

/** Returns one sentence for each reason why other users can still read files. */
export function describeOpenPaths(folder: string, open: readonly OpenPath[]): string[] {
  const sentences: string[] = [];
  const unkept = open.filter(({ reason }) => reason === "no-rights");
  const others = open.filter(({ reason }) => reason === "other-owner");
  if (unkept.length > 0) {
    sentences.push(
      `Other users of this machine may read the workspace ${folder}: its file system does not support access rights. ` +
        "Move it into your user folder.",
    );
  }
  if (others.length > 0) {
    const more = others.length > 1 ? ` and ${others.length - 1} more` : "";
    sentences.push(
      `Other users of this machine can read ${others[0].path}${more}, which belongs to another user: ` +
        "only that user, or an administrator, can close it.",
    );
  }
  return sentences;
}

function closeOnWindows(folder: string, warn: (message: string) => void, run?: RunProgram): boolean {
  try {
    const wasOpen = closeWindowsFolder(realpathSync(folder), run);
    if (wasOpen) warn(`Other users of this machine could read the workspace ${folder}. It is now closed to them.`);
  } catch (error) {
    const { message, fix } = reportError(error);
    warn(`Other users of this machine may read the workspace ${folder}: ${message} ${fix}`.trim());
  }
  // Everything in the folder inherits its access list.
  return false;
}
