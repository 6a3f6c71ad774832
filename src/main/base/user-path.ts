/**
 * Paths that a user entered: `~` is the home folder, and names that no file system accepts are refused before they are
 * used.
 *
 * A page has no working directory: it accepts only full paths. On the command line, paths are relative to the caller's
 * working directory.
 */
import { homedir } from "node:os";
import { posix, win32 } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";

/** Longest name of a file or folder: bytes in Linux' and macOS' file systems, UTF-16 units in NTFS. */
export const MAX_NAME_LENGTH = 255;
/** Longest path that a system call accepts: Linux' PATH_MAX without the terminating NUL, and Windows' limit. */
const MAX_PATH_LENGTH = { posix: 4095, win32: 32_766 };
/** Names under which Windows opens a device, with any extension (Microsoft: "Naming Files, Paths, and Namespaces"). */
const WINDOWS_DEVICES = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
const WINDOWS_CHARACTERS = /[<>:"|?*]/;

export interface UserPathOptions {
  /** Folder that relative paths start from; null: relative paths are refused. */
  base: string | null;
  platform?: NodeJS.Platform;
  home?: string;
}

/** Resolves a path that a user entered. @throws EctopyError `usage` */
export function userPath(
  text: string,
  { base, platform = process.platform, home = homedir() }: UserPathOptions,
): string {
  const path = platform === "win32" ? win32 : posix;
  const expanded = expandHome(text, home, path.sep);
  const { root } = path.parse(expanded);
  for (const name of expanded.slice(root.length).split(path.sep === "/" ? "/" : /[\\/]/)) {
    const problem = problemWithName(name, platform);
    if (problem !== null)
      throw new EctopyError("usage", `The path ${quoted(text)} cannot be used: ${problem}.`, CHANGE);
  }
  if (!path.isAbsolute(expanded) && base === null) {
    const example = platform === "win32" ? "C:\\Users\\me\\recordings" : "/home/me/recordings";
    throw new EctopyError("usage", `${quoted(text)} is not a full path.`, `Enter a full path, such as ${example}.`);
  }
  const resolved = path.resolve(base ?? "", expanded);
  const limit = MAX_PATH_LENGTH[platform === "win32" ? "win32" : "posix"];
  if (lengthOf(resolved, platform) > limit) {
    throw new EctopyError("usage", `The path ${quoted(text)} is longer than the system allows (${limit}).`, CHANGE);
  }
  return resolved;
}

/** Resolves a path that was entered on a page. @throws EctopyError `usage` */
export function fullPath(text: string): string {
  return userPath(text, { base: null });
}

/** Resolves a path from the command line. @throws EctopyError `usage` */
export function callerPath(text: string): string {
  // `npm run` changes into the project's folder: scripts/run.mjs passes on the caller's working directory.
  return userPath(text, { base: process.env["ECTOPY_CALLER_FOLDER"] || process.cwd() });
}

/**
 * Returns the reason why a file or folder cannot have this name, to follow "it cannot be used:"; null if it can.
 * @param name name between two separators
 */
export function problemWithName(name: string, platform: NodeJS.Platform = process.platform): string | null {
  if (/\p{Cc}/u.test(name)) return "it contains a control character";
  const length = lengthOf(name, platform);
  if (length > MAX_NAME_LENGTH) {
    const unit = platform === "win32" ? "characters" : "bytes";
    return `the name ${quoted(name)} has ${length} ${unit}; the limit is ${MAX_NAME_LENGTH}`;
  }
  if (platform !== "win32") return null;
  if (WINDOWS_DEVICES.test(name)) return `${quoted(name)} is the name of a device in Windows`;
  if (WINDOWS_CHARACTERS.test(name)) return `${quoted(name)} contains a character that Windows does not allow in names`;
  return name !== "." && name !== ".." && /[. ]$/.test(name) ? `${quoted(name)} ends in a dot or a space` : null;
}

const CHANGE = "Change the path and try again.";
/** Characters of a name in a message: enough to recognise it. */
const MAX_QUOTED_CHARACTERS = 60;

function expandHome(text: string, home: string, separator: string): string {
  if (text === "~") return home;
  const isBelowHome = text.startsWith("~/") || text.startsWith(`~${separator}`);
  return isBelowHome ? `${home}${separator}${text.slice(2)}` : text;
}

function lengthOf(text: string, platform: NodeJS.Platform): number {
  return platform === "win32" ? text.length : Buffer.byteLength(text);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED_CHARACTERS ? `${text.slice(0, MAX_QUOTED_CHARACTERS)}…` : text);
}
