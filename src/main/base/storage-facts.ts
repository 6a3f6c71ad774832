/**
 * Facts about the storage of a folder, which `storage-location.ts` evaluates. Facts that cannot be determined are
 * omitted.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import {
  LOCAL_STORAGE,
  parseDropboxInfo,
  parseMountinfo,
  parseMountOutput,
  storageLocation,
  type Mount,
  type StorageFacts,
  type StorageLocation,
} from "./storage-location.ts";

const PROGRAM_TIMEOUT_MS = 5_000;

/**
 * Returns the kind of storage of a folder. `ECTOPY_STORAGE` overrides it: `local` for a file system on this machine,
 * `network` for a network file system that is not recognised.
 * @param folder may not exist yet: then the folder above it counts
 */
export function findStorage(folder: string): StorageLocation {
  const chosen = process.env["ECTOPY_STORAGE"];
  if (chosen === "local") return LOCAL_STORAGE;
  const found = storageLocation(storageFacts(folder));
  return chosen === "network" ? { ...found, network: found.network ?? "set by ECTOPY_STORAGE" } : found;
}

/** Returns the facts about a folder. @param folder may not exist yet: then the folder above it counts */
export function storageFacts(folder: string): StorageFacts {
  const home = homedir();
  return {
    platform: process.platform,
    folder: realPath(resolve(folder)),
    home,
    environment: process.env,
    mounts: mounts(),
    dropboxRoots: dropboxInfoFiles(home).flatMap((path) => parseDropboxInfo(textOf(path)).map(realPath)),
    entriesOf: (path) => {
      try {
        return readdirSync(path);
      } catch {
        return [];
      }
    },
  };
}

/** Returns the real path. On Windows, the real path of a mapped drive is the path on its server, `\\server\share\…`. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPath(above), path.slice(above.length));
  }
}

function mounts(): Mount[] {
  if (process.platform === "linux") return parseMountinfo(textOf("/proc/self/mountinfo"));
  if (process.platform === "win32") return [];
  try {
    return parseMountOutput(
      execFileSync("/sbin/mount", {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
        timeout: PROGRAM_TIMEOUT_MS,
      }),
    );
  } catch {
    return [];
  }
}

/**
 * Returns the files in which Dropbox lists its folders (help.dropbox.com, "Programmatically find Dropbox folder
 * paths").
 */
function dropboxInfoFiles(home: string): string[] {
  if (process.platform !== "win32") return [join(home, ".dropbox", "info.json")];
  return [process.env["APPDATA"], process.env["LOCALAPPDATA"]].flatMap((folder) =>
    folder === undefined || folder === "" ? [] : [join(folder, "Dropbox", "info.json")],
  );
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
