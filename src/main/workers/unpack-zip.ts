/** Unpacks a ZIP archive of recordings in a worker thread: what yauzl does with an archive that nobody made honestly ends there. */
import { basename, extname } from "node:path";
import { CancelledError } from "../../contract/domain/errors.ts";
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import { readUntrusted } from "./untrusted-files.ts";

/** A disk may have to start turning, or a network folder to answer. */
const SILENCE_MS = 30_000;

export function isZip(path: string): boolean {
  return extname(path).toLowerCase() === ".zip";
}

/**
 * @param folder empty; gets the files in their folders
 * @throws EctopyError `damaged-file`, `unsafe-path`, `unsupported`, `nothing-usable`, `disk-full`, `not-found`, `no-access`;
 *   CancelledError
 */
export async function unpackZip(
  path: string,
  folder: string,
  { progress, signal }: { progress: ReportProgress; signal: AbortSignal },
): Promise<void> {
  const name = basename(path);
  const fix = "Copy it again from where it came from, or unpack it yourself and import the folder.";
  try {
    await readUntrusted("unpackZip", { path, folder, name }, { name, fix, silenceMs: SILENCE_MS, progress, signal });
  } catch (error) {
    throw signal.aborted ? new CancelledError("Cancelled; nothing was imported.") : error;
  }
}
