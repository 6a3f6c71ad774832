/**
 * Temporary folders of the app: unpacked archives, uploads, what other programs read from files alone.
 *
 * While this process owns a workspace they lie in its folder `temporary`, on the disk that the user chose for big files; when the
 * workspace is next opened, whatever is left there belongs to a process that ended. Else they lie in the system's temporary folder,
 * in a folder that names the process; the next of our processes removes it once that process is gone.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasEnded, IDENTITY, processIdentity } from "./process-identity.ts";
import { logger } from "./logger.ts";

const log = logger("temporary");

const WORKSPACE_FOLDER = "temporary";
const OF_PROCESS = new RegExp(`^ectopy-(${IDENTITY})-[^-]+$`);

/** Of the workspaces that this process owns, the latest last. */
const owned: string[] = [];
let ofProcess: string | undefined;

/**
 * Removes what ended processes left, and has the following temporary folders made in the workspace. To be called by its owner alone,
 * who holds its lock.
 * @returns to be called before the lock is let go: from then on, temporary folders are made elsewhere
 */
export function sweepTemporary(workspaceFolder: string): () => void {
  const folder = join(workspaceFolder, WORKSPACE_FOLDER);
  for (const name of namesIn(folder)) remove(join(folder, name));
  removeEnded();
  owned.push(folder);
  return () => {
    const place = owned.lastIndexOf(folder);
    if (place >= 0) owned.splice(place, 1);
  };
}

/**
 * Makes an empty folder that only this user can read. Whoever asked removes it.
 * @param purpose first part of its name, such as `upload`
 */
export function makeTemporaryFolder(purpose: string): string {
  const folder = owned.at(-1);
  if (folder !== undefined) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return mkdtempSync(join(folder, `${purpose}-`));
    } catch (error) {
      log.warning("No temporary folder could be made in the workspace", error);
      // A full or read-only disk: the system's temporary folder may be on another.
    }
  }
  return mkdtempSync(join(processFolder(), `${purpose}-`));
}

/** Runs a step with a temporary folder, which is removed however the step ends. */
export async function inTemporaryFolder<T>(purpose: string, step: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeTemporaryFolder(purpose);
  try {
    return await step(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function processFolder(): string {
  // Cleaners of temporary folders take what was not used for days.
  if (ofProcess !== undefined && existsSync(ofProcess)) return ofProcess;
  removeEnded();
  const made = mkdtempSync(join(tmpdir(), `ectopy-${processIdentity()}-`));
  process.on("exit", () => remove(made));
  return (ofProcess = made);
}

function removeEnded(): void {
  for (const name of namesIn(tmpdir())) {
    const identity = OF_PROCESS.exec(name)?.[1];
    if (identity !== undefined && hasEnded(identity)) remove(join(tmpdir(), name));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not there yet
  }
}

/** What can't be removed, such as another user's, stays. */
function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    log.debug("A temporary folder could not be removed", error);
    // It costs space, and no more.
  }
}
