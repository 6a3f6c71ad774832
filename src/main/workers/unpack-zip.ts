/** Unpacks a ZIP archive of recordings in a worker thread: a malicious archive can harm only that thread. */
import { basename, extname } from "node:path";
import { CancelledError } from "../../contract/domain/errors.ts";
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import { readUntrusted } from "./untrusted-files.ts";

/** Longest time without progress: a disk may need to spin up, or a network folder to respond. */
const SILENCE_MS = 30_000;

/** Returns whether the name of a file ends in `.zip`, in any case. */
export function isZip(path: string): boolean {
  return extname(path).toLowerCase() === ".zip";
}

/**
 * Unpacks an archive.
 * @param folder empty; receives the files in their folders
 * @returns names of the archives in the archive, which are not unpacked
 * @throws EctopyError `damaged-file`, `unsafe-path`, `unsupported`, `nothing-usable`, `disk-full`, `not-found`,
 * `no-access`;
 *   CancelledError
 */
export async function unpackZip(
  path: string,
  folder: string,
  { progress, signal }: { progress: ReportProgress; signal: AbortSignal },
): Promise<string[]> {
  const name = basename(path);
  const fix = "Copy it again from its source, or unpack it yourself and import the folder.";
  try {
    return await readUntrusted(
      "unpackZip",
      { path, folder, name },
      { name, fix, silenceMs: SILENCE_MS, progress, signal },
    );
  } catch (error) {
    throw signal.aborted ? new CancelledError("Cancelled; nothing was imported.") : error;
  }
}
