/**
 * Closes a workspace to other users of the machine: its top folder, and everything of Ectopy's directly in it. Versions
 * before this one made it with the rights that the system gives by itself, which most systems let everyone read.
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

/** Begins the names of Ectopy's own files and folders in a workspace. */
const OWN_NAMES =
  /^(ectopy\.sqlite|workspace\.(lock|owner)|machine\.json|datasets$|preparations$|runs$|checkpoints$|downloads$|backups$|logs$|temporary$|unregistered$)/;
/** Holds folders that are private each, whatever is in them, and that soon are gone. */
const PASSING = "temporary";
/** What systems and synchronising programs put into any folder. */
const SYSTEM_NAMES = /^(\.|desktop\.ini$|Thumbs\.db$|lost\+found$|Icon\r$)/i;

export interface ClosedWorkspace extends Tightened {
  /** The top folder also holds files of others, so its own rights were left. */
  sharedTop: boolean;
}

/** Closes the top folder first, then what lies directly in it, and the backups. Fast: a few dozen files. */
export function closeTopLevel(folder: string): ClosedWorkspace {
  const top = realpathSync(folder);
  const names = readdirSync(top);
  const results: Tightened[] = [];
  const sharedTop = isShared(names);
  if (!sharedTop) results.push(tighten(top));
  for (const name of names.filter(isOwn)) {
    const path = join(top, name);
    try {
      results.push(["backups", "logs"].includes(name) ? tightenTree(path) : tighten(path));
    } catch (error) {
      // Removed meanwhile, such as a journal of the database.
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
  return { ...merge(results), sharedTop: sharedTop && isOpen(lstatSync(top)) };
}

/** Closes all that is left below, folder by folder, so that the process goes on answering. */
export async function closeRest(folder: string, signal?: AbortSignal): Promise<Tightened> {
  const top = realpathSync(folder);
  const results: Tightened[] = [];
  for (const name of readdirSync(top).filter(isOwn)) {
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

/** Returns everything of Ectopy's in a workspace that other users of the machine can read. @param most paths, at most */
export async function openInWorkspace(folder: string, most = 1000): Promise<string[]> {
  const top = realpathSync(folder);
  if (process.platform === "win32") return isWindowsFolderOpen(top) ? [top] : [];
  const names = readdirSync(top);
  const open = !isShared(names) && isOpen(lstatSync(top)) ? [top] : [];
  for (const name of names.filter((each) => isOwn(each) && each !== PASSING)) {
    open.push(...(await openToOthers(join(top, name), most - open.length)));
  }
  return open;
}

/** A copy that a synchronising program made of the database holds what the database does. */
function isOwn(name: string): boolean {
  return OWN_NAMES.test(name) || isConflictedCopy(name);
}

/** Whether a folder also holds what is not Ectopy's. */
function isShared(names: readonly string[]): boolean {
  return names.some((name) => !isOwn(name) && !SYSTEM_NAMES.test(name));
}

/**
 * Closes a workspace at its opening, and tells the user what was open, and what still is.
 * @returns whether something was open to others: then {@link closeRest} has more to do
 */
export function closeToOthers(folder: string, warn: (message: string) => void, run?: RunProgram): boolean {
  if (process.platform === "win32" || run !== undefined) return closeOnWindows(folder, warn, run);
  const { closed, open, sharedTop } = closeTopLevel(folder);
  // Behind a closed top folder nothing was open, whatever its own rights.
  if (closed.length > 0 && (sharedTop || closed.includes(realpathSync(folder)))) {
    warn(`Other users of this machine could read the workspace ${folder}. It is now closed to them.`);
    if (sharedTop) {
      warn(
        `The folder ${folder} also holds files that are not Ectopy's: its own rights were left, Ectopy's files are closed.`,
      );
    }
  }
  for (const sentence of openInWords(folder, open)) warn(sentence);
  return closed.length > 0;
}

/** One sentence for each reason why others can still read something. */
export function openInWords(folder: string, open: readonly OpenPath[]): string[] {
  const sentences: string[] = [];
  const unkept = open.filter(({ reason }) => reason === "no-rights");
  const others = open.filter(({ reason }) => reason === "other-owner");
  if (unkept.length > 0) {
    sentences.push(
      `Other users of this machine may read the workspace ${folder}: its file system keeps no rights. ` +
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
