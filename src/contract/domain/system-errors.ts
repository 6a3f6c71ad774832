/** Translates errors of the operating system and of SQLite into the catalogue: disk full, no access, not found. */
import { EctopyError } from "./errors.ts";

const noSpace = new Set(["ENOSPC", "EDQUOT", "SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "ERR_FS_FILE_TOO_LARGE"]);
const noAccess = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "SQLITE_READONLY",
  "SQLITE_CANTOPEN",
  "SQLITE_PERM",
  "SQLITE_READONLY_DIRECTORY",
  "SQLITE_READONLY_CANTINIT",
]);
const notFound = new Set(["ENOENT", "ENOTDIR", "ELOOP"]);

/**
 * Returns the catalogue's error for a failed system call, or the value itself if a user can't act on it.
 * @param target description of the file, with its path: what was read or written
 */
export function systemError(error: unknown, target: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const cause = { cause: error };
  if (noSpace.has(code)) {
    return new EctopyError(
      "disk-full",
      `No space is left to write ${target}.`,
      "Free some space, or choose another workspace (--workspace), and repeat the command: no stored data were lost.",
      cause,
    );
  }
  if (noAccess.has(code)) {
    return new EctopyError(
      "no-access",
      `The system does not allow access to ${target} (${code}).`,
      "Check the permissions of the folder, or choose another workspace (--workspace).",
      cause,
    );
  }
  if (code === "EIO" || code.startsWith("SQLITE_IOERR")) {
    return new EctopyError(
      "no-access",
      `The system could not read or write ${target} (${code}).`,
      "Check the disk, or choose another workspace (--workspace).",
      cause,
    );
  }
  if (notFound.has(code)) {
    return new EctopyError("not-found", `Not found: ${target}.`, "Check the path.", cause);
  }
  if (code === "ENAMETOOLONG") {
    return new EctopyError(
      "usage",
      `A name is too long for the file system: ${target}.`,
      "Choose a shorter name.",
      cause,
    );
  }
  if (code === "ERR_INVALID_ARG_VALUE" && error instanceof Error && error.message.includes("null bytes")) {
    return new EctopyError("usage", `A path has a NUL character: ${target}.`, "Change the path.", cause);
  }
  if (code === "EISDIR") {
    return new EctopyError(
      "damaged-file",
      `A folder is where a file is expected: ${target}.`,
      "Check the path.",
      cause,
    );
  }
  if (code === "EEXIST") {
    return new EctopyError(
      "no-access",
      `A file has the name of the folder: ${target}.`,
      "Choose another folder.",
      cause,
    );
  }
  return error;
}

/** Runs a step on the file system or the database, and translates its errors. @param target see {@link systemError} */
export async function withSystemErrors<T>(target: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw systemError(error, target);
  }
}
