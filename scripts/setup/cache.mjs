/**
 * The user's cache folder: what was downloaded or built once serves every copy of the project, and survives `npm ci`.
 *
 * Entries are folders, built aside and renamed into place: an entry that exists is whole.
 */
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { onSignal } from "./child.mjs";
import { SetupError, say } from "./report.mjs";

/**
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 * @param {string} home
 */
export function cacheFolderFor(platform, env, home) {
  if (env.ECTOPY_CACHE) return resolve(env.ECTOPY_CACHE);
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, "ectopy");
  if (platform === "win32") return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "ectopy", "Cache");
  if (platform === "darwin") return join(home, "Library", "Caches", "ectopy");
  return join(home, ".cache", "ectopy");
}

/** The home folder; empty where the user has none (some containers). */
function home() {
  try {
    return homedir();
  } catch {
    return "";
  }
}

/** @type {string | undefined} */
let folder;

/**
 * The cache folder, made if it is missing. Where it can't be written, a folder in node_modules stands in.
 *
 * @param {string} project
 * @returns {string}
 */
export function cacheFolder(project) {
  if (folder !== undefined) return folder;
  const wanted = cacheFolderFor(process.platform, process.env, home());
  const standIn = join(project, "node_modules", ".cache", "ectopy");
  folder = [wanted, standIn].find(isWritable);
  if (folder === undefined) {
    throw new SetupError(`Neither ${wanted} nor ${standIn} can be written.`, "Set ECTOPY_CACHE to a folder of yours.");
  }
  if (folder === standIn)
    say(`${wanted} can't be written: downloads are kept in ${standIn}. ECTOPY_CACHE names another.`);
  return folder;
}

/** @param {string} path */
function isWritable(path) {
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes a folder whole or not at all. Call it under the cache's lock.
 *
 * @param {string} entry the folder to make
 * @param {(aside: string) => Promise<void>} fill writes the content into the folder it is given, a neighbour of `entry`
 */
export async function makeEntry(entry, fill) {
  const parent = dirname(entry);
  mkdirSync(parent, { recursive: true });
  // The lock is ours: whatever lies aside was left by a set-up that was interrupted.
  for (const name of readdirSync(parent)) {
    if (name.startsWith(`${basename(entry)}.part-`)) rmSync(join(parent, name), { recursive: true, force: true });
  }
  const aside = `${entry}.part-${randomBytes(6).toString("hex")}`;
  const tidy = () => rmSync(aside, { recursive: true, force: true, maxRetries: 3 });
  onSignal.add(tidy);
  try {
    mkdirSync(aside);
    await fill(aside);
    rmSync(entry, { recursive: true, force: true });
    renameSync(aside, entry);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOSPC") throw error;
    throw new SetupError(
      `The disk that holds ${parent} is full.`,
      "Free some space, or set ECTOPY_CACHE to another disk.",
    );
  } finally {
    onSignal.delete(tidy);
    tidy();
  }
}

/**
 * Bytes of all files in a folder and the folders in it, links not followed: how far a download got.
 *
 * @param {string} path
 * @returns {number} 0 if there is no such folder
 */
export function bytesIn(path) {
  try {
    return readdirSync(path, { withFileTypes: true })
      .map((item) => {
        if (item.isDirectory()) return bytesIn(join(path, item.name));
        return item.isFile() ? statSync(join(path, item.name)).size : 0;
      })
      .reduce((sum, bytes) => sum + bytes, 0);
  } catch {
    return 0; // not made yet, or gone since it was listed
  }
}

/**
 * @param {string} path a folder, or one that is still to be made
 * @param {number} megabytes
 * @param {string} what
 */
export function needSpace(path, megabytes, what) {
  let existing = path;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free >= megabytes) return;
  throw new SetupError(
    `${what} needs ${megabytes} MB on the disk that holds ${path}; ${free} MB are free.`,
    "Free some space, or set ECTOPY_CACHE to a folder on another disk.",
  );
}
