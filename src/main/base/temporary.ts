/**
 * Temporary folders of the app: large recordings of archives, uploads, and files for other programs.
 *
 * While this process owns a workspace, they are in its folder `temporary`, on the disk that the user chose for large
 * files. When the workspace is opened next, all folders in it belong to ended processes. Otherwise they are in the
 * system's temporary folder, in a folder that names the process; the next process of Ectopy removes it after that
 * process has ended.
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

/** Temporary folders of the workspaces that this process owns, the latest last. */
const owned: string[] = [];
let ofProcess: string | undefined;

/**
 * Removes the folders of ended processes, and creates the following temporary folders in the workspace. Only the owner
 * of the workspace, which holds its lock, may call it.
 * @returns a function to call before the lock is released: after it, temporary folders are created elsewhere
 */
export function sweepTemporary(workspaceFolder: string): () => void {
  const folder = join(workspaceFolder, WORKSPACE_FOLDER);
  for (const name of namesIn(folder)) remove(join(folder, name));
  removeEnded();
  owned.push(folder);
  return () => {
    const index = owned.lastIndexOf(folder);
    if (index >= 0) owned.splice(index, 1);
  };
}

/**
 * Creates an empty folder that only this user can read. The caller removes it.
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
      // The disk may be full or read-only: the system's temporary folder may be on another disk.
    }
  }
  return mkdtempSync(join(processFolder(), `${purpose}-`));
}

/** Runs a step with a temporary folder, which is removed after success and failure. */
export async function inTemporaryFolder<T>(purpose: string, step: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeTemporaryFolder(purpose);
  try {
    return await step(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function processFolder(): string {
  // Programs that clean temporary folders remove folders that were not used for days.
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
    return []; // The folder does not exist yet.
  }
}

/** Removes a folder. A folder that cannot be removed, such as another user's, remains. */
function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    log.debug("A temporary folder could not be removed", error);
    // The folder only uses space.
  }
}
