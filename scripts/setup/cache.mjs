/**
 * The user's cache folder: a download or a build in it serves every copy of the project and survives `npm ci`.
 *
 * Entries are folders, written beside their final path and then renamed: an entry that exists is complete.
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

/** Returns the home folder; empty if the user has none (some containers). */
function home() {
  try {
    return homedir();
  } catch {
    return "";
  }
}

/** Found folders by the preferred one. @type {Map<string, string>} */
const folders = new Map();

/**
 * Returns the cache folder, created if it does not exist. If it can't be written, a folder in node_modules replaces it.
 *
 * @param {string} project
 * @returns {string}
 */
export function cacheFolder(project) {
  const preferred = cacheFolderFor(process.platform, process.env, home());
  const known = folders.get(preferred);
  if (known !== undefined) return known;
  const fallback = join(project, "node_modules", ".cache", "ectopy");
  const folder = [preferred, fallback].find(isWritable);
  if (folder === undefined) {
    throw new SetupError(
      `Neither ${preferred} nor ${fallback} can be written.`,
      "Set ECTOPY_CACHE to a folder of yours.",
    );
  }
  if (folder === fallback)
    say(`${preferred} can't be written: downloads are kept in ${fallback}. ECTOPY_CACHE names another.`);
  folders.set(preferred, folder);
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
 * Creates a folder completely or not at all. Call it under the cache's lock.
 *
 * @param {string} entry the folder to make
 * @param {(aside: string) => Promise<void>} fill writes the content into a folder beside `entry`
 */
export async function makeEntry(entry, fill) {
  const parent = dirname(entry);
  mkdirSync(parent, { recursive: true });
  // This process holds the lock: other folders beside it are from an interrupted set-up.
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
 * Returns the bytes of all files in a folder, with subfolders and without following links: the progress of a download.
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
    return 0; // not created yet, or removed since it was listed
  }
}

/**
 * @param {string} path a folder, which may not exist yet
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
