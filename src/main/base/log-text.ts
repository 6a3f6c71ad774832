/**
 * What a log may hold: faults without file paths, names from recordings or the content of files. Messages for users
 * quote those; a log is sent to strangers.
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import { CancelledError, EctopyError } from "../../contract/domain/errors.ts";

const MAX_MESSAGE_CHARACTERS = 300;
/** An error, its cause, and the cause of that. */
const MAX_CAUSES = 3;
/**
 * Ectopy's own code: its paths stay, from this folder on. The build puts all chunks into `out/main`
 * (electron.vite.config.ts).
 */
const APP_FOLDER = fileURLToPath(new URL(import.meta.url.endsWith(".js") ? "../../" : "../../../", import.meta.url));

/**
 * Returns a fault for the log: of an {@link EctopyError} its code, of a system error its code and call, of any other
 * error its name, its message without quoted text, and its trace. An `EctopyError`'s message is left out, as it names
 * recordings and paths.
 */
export function faultText(error: unknown, depth = 1): string {
  const cause =
    error instanceof Error && error.cause !== undefined && depth < MAX_CAUSES
      ? `\ncaused by ${faultText(error.cause, depth + 1)}`
      : "";
  if (error instanceof EctopyError) return `${error.code}${cause}`;
  if (error instanceof CancelledError) return "cancelled";
  if (!(error instanceof Error)) return "a value that is no error was thrown";
  const { code, syscall } = error as Error & { code?: unknown; syscall?: unknown };
  if (typeof syscall === "string") return `${String(code)} (${syscall})${cause}`;
  const name = typeof code === "string" ? `${error.name} ${code}` : error.name;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return [`${name}: ${messageOf(error)}`, ...frames].join("\n") + cause;
}

/** Names of properties help to find a fault; other errors quote what they read, such as the beginning of a file. */
function messageOf(error: Error): string {
  const isAboutCode = error instanceof TypeError || error instanceof ReferenceError;
  const message = isAboutCode ? error.message : error.message.replace(/(["'“‘]).*?["'”’]/gs, "$1…");
  return message.slice(0, MAX_MESSAGE_CHARACTERS);
}

const QUOTED_PATH = /(["'“])(?:file:\/\/)?(?:[A-Za-z]:[\\/]|\/|~[\\/]|\\\\)[^"'”\n]*(["'”])/g;
const PATH = /(?<![\w.…])(?:file:\/\/)?(?:[A-Za-z]:[\\/]|\/|~[\\/]|\\\\)[^\s"'“”(),;:|]+/g;

/**
 * Returns a text with each path outside of Ectopy's own code as `PATH`: folders are named after users and patients. Of
 * an unquoted path with spaces, the words after the first space stay.
 */
export function withoutPaths(text: string): string {
  return text
    .replaceAll(pathToFileURL(APP_FOLDER).href, "")
    .replaceAll(APP_FOLDER, "")
    .replace(QUOTED_PATH, "$1PATH$2")
    .replace(PATH, "PATH");
}
