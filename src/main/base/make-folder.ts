/** Creation of folders, with the reason of a refusal. */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";

/**
 * Creates a folder and the missing folders above it, one at a time. Node's `recursive` never returns in file systems
 * that refuse a folder with ENOENT, such as /proc (Node 24): it tries again without end.
 * @param mode access rights of the created folders; the system's default if it is omitted
 * @throws the system's error, such as EROFS if the file system is read-only; EctopyError `no-access` if it has no room
 * for folders
 */
export function makeFolder(path: string, mode?: number): void {
  const missing: string[] = [];
  let above = resolve(path);
  for (; !existsSync(above) && dirname(above) !== above; above = dirname(above)) missing.unshift(above);
  if (missing.length === 0 && !statSync(above).isDirectory()) {
    // Throws EEXIST.
    mkdirSync(above);
  }
  for (const folder of missing) makeOne(folder, mode);
}

function makeOne(folder: string, mode: number | undefined): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // Another process has created it in the meantime.
    if (code === "EEXIST" && statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    if (code === "ENOENT" && existsSync(dirname(folder))) throw noFolders(dirname(folder), error);
    throw error;
  }
}

/** Returns the error of a folder whose file system refuses new files, such as /proc. */
export function noFolders(folder: string, cause: unknown): EctopyError {
  return new EctopyError("no-access", `The system does not allow new folders in ${folder}.`, "Choose another folder.", {
    cause,
  });
}
