/** What the operating system and SQLite say, in the words of the catalogue: no space, no rights, not there. */
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
const notThere = new Set(["ENOENT", "ENOTDIR", "ELOOP"]);

/**
 * The catalogue's error for a failed system call, or the value itself if it is none that a user can act on.
 * @param place what was being read or written, in words and with its path
 */
export function systemError(error: unknown, place: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const cause = { cause: error };
  if (noSpace.has(code)) {
    return new EctopyError(
      "disk-full",
      `No space is left to write ${place}.`,
      "Free some space (or choose another workspace with --workspace) and run the same again: nothing stored was lost.",
      cause,
    );
  }
  if (noAccess.has(code)) {
    return new EctopyError(
      "no-access",
      `The system does not allow access to ${place} (${code}).`,
      "Check the rights of the folder, or choose another workspace with --workspace.",
      cause,
    );
  }
  if (code === "EIO" || code.startsWith("SQLITE_IOERR")) {
    return new EctopyError(
      "no-access",
      `The system could not read or write ${place} (${code}).`,
      "Check the disk, or choose another workspace with --workspace.",
      cause,
    );
  }
  if (notThere.has(code)) {
    return new EctopyError("not-found", `Not found: ${place}.`, "Check the path.", cause);
  }
  if (code === "ENAMETOOLONG") {
    return new EctopyError(
      "usage",
      `A name is too long for the file system: ${place}.`,
      "Choose a shorter one.",
      cause,
    );
  }
  if (code === "ERR_INVALID_ARG_VALUE" && error instanceof Error && error.message.includes("null bytes")) {
    return new EctopyError("usage", `A path holds a NUL character: ${place}.`, "Change the path.", cause);
  }
  if (code === "EISDIR") {
    return new EctopyError(
      "damaged-file",
      `A folder stands where a file should be: ${place}.`,
      "Check the path.",
      cause,
    );
  }
  if (code === "EEXIST") {
    return new EctopyError("no-access", `A file stands in the way of ${place}.`, "Choose another folder.", cause);
  }
  return error;
}

/** Runs a step on the file system or the database and translates its failure. */
export async function withSystemErrors<T>(place: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw systemError(error, place);
  }
}
