/** Lists the files of a ZIP archive in a worker thread: a malicious archive can harm only that thread. */
import { basename, extname } from "node:path";
import { CancelledError } from "../../contract/domain/errors.ts";
import { readUntrusted } from "./untrusted-files.ts";
import type { ZipTree } from "./zip-tree.ts";

/** Longest time without progress: a disk may need to spin up, or a network folder to respond. */
const SILENCE_MS = 30_000;

/** Returns whether the name of a file ends in `.zip`, in any case. */
export function isZip(path: string): boolean {
  return extname(path).toLowerCase() === ".zip";
}

/**
 * Lists the files of an archive; no file is unpacked.
 * @throws EctopyError `damaged-file`, `unsafe-path`, `unsupported`, `nothing-usable`, `not-found`, `no-access`;
 *   CancelledError
 */
export async function listZip(path: string, signal: AbortSignal): Promise<ZipTree> {
  const name = basename(path);
  const fix = "Copy it again from its source, or unpack it yourself and import the folder.";
  try {
    return await readUntrusted("listZip", { path, name }, { name, fix, silenceMs: SILENCE_MS, signal });
  } catch (error) {
    throw signal.aborted ? new CancelledError("Cancelled; nothing was imported.") : error;
  }
}
