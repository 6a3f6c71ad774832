/**
 * Unpacks a ZIP file of recordings. Untrusted: no path leads outside, no link, no archive in the archive, and no more files or
 * bytes than recordings can need (yauzl checks names, and that no entry is larger than it says).
 */
import { createWriteStream } from "node:fs";
import { mkdir, statfs } from "node:fs/promises";
import { basename, dirname, extname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { openPromise, type Entry, type ZipFile } from "yauzl";
import { CancelledError, EctopyError } from "../../contract/errors.ts";
import type { ReportProgress } from "../../contract/jobs.ts";
import { systemError } from "../../contract/system-errors.ts";

export const MOST_FILES = 20_000;
export const MOST_BYTES = 16_000_000_000;
/** Recordings shrink two to four times; flat lines more. Beyond this a small file is made to fill the disk. */
const GREATEST_RATIO = 200;
/** Below this, no ratio is suspicious. */
const SMALL = 50_000_000;

const archives = new Set([".zip", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".7z", ".rar"]);
/** Upper 16 bits of the external attributes: the Unix file type (APPNOTE.TXT 4.4.15; `S_IFMT`, `S_IFLNK`). */
const FILE_TYPE = 0o170000;
const LINK = 0o120000;

export function isZip(path: string): boolean {
  return extname(path).toLowerCase() === ".zip";
}

/**
 * @param folder empty; gets the files in their folders
 * @throws EctopyError `damaged-file`, `unsafe-path`, `unsupported`, `disk-full`, `not-found`, `no-access`; CancelledError
 */
export async function unpackZip(
  path: string,
  folder: string,
  { progress, signal }: { progress: ReportProgress; signal: AbortSignal },
): Promise<void> {
  const name = basename(path);
  const stage = `Unpacking ${name}`;
  progress({ stage, done: 0, total: 0, unit: "files" });
  try {
    const wanted = await listEntries(path, name);
    const bytes = wanted.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    const { bavail, bsize } = await statfs(folder);
    if (bytes > bavail * bsize) throw Object.assign(new Error(), { code: "ENOSPC" });
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
    try {
      for (const [done, entry] of wanted.entries()) {
        if (signal.aborted) throw new CancelledError("Cancelled; nothing was imported.");
        progress({ stage, done, total: wanted.length, unit: "files" });
        await unpackEntry(zip, entry, folder, signal);
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    if (signal.aborted) throw new CancelledError("Cancelled; nothing was imported.");
    throw zipError(error, path, name);
  }
}

/** All files to unpack, once the whole list is known to be harmless. */
async function listEntries(path: string, name: string): Promise<Entry[]> {
  const zip = await openPromise(path, { lazyEntries: true });
  if (zip.entryCount > MOST_FILES) throw tooMuch(name, `${zip.entryCount} files, and ${MOST_FILES} are the most`);
  const wanted: Entry[] = [];
  let bytes = 0;
  let packed = 0;
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith("/") || entry.fileName.startsWith("__MACOSX/")) continue;
    if (archives.has(extname(entry.fileName).toLowerCase())) continue;
    if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === LINK) {
      throw new EctopyError(
        "unsafe-path",
        `${name} holds a link, ${entry.fileName}, which could lead outside of it.`,
        "Unpack it yourself and import the folder.",
      );
    }
    if (entry.isEncrypted()) {
      throw new EctopyError("unsupported", `${name} is protected by a password.`, "Unpack it and import the folder.");
    }
    bytes += entry.uncompressedSize;
    packed += entry.compressedSize;
    wanted.push(entry);
  }
  if (bytes > MOST_BYTES) throw tooMuch(name, `${bytes} bytes unpacked, and ${MOST_BYTES} are the most`);
  if (bytes > SMALL && bytes > packed * GREATEST_RATIO) {
    throw tooMuch(name, `${Math.round(bytes / packed)} times as many bytes as it takes itself`);
  }
  return wanted;
}

async function unpackEntry(zip: ZipFile, entry: Entry, folder: string, signal: AbortSignal): Promise<void> {
  const destination = resolve(join(folder, entry.fileName));
  if (!destination.startsWith(resolve(folder) + sep)) {
    throw new EctopyError(
      "unsafe-path",
      `${entry.fileName} leads outside of its ZIP file.`,
      "Import it from a safe source.",
    );
  }
  await mkdir(dirname(destination), { recursive: true });
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(destination, { flags: "wx" }), { signal });
}

function tooMuch(name: string, what: string): EctopyError {
  return new EctopyError(
    "unsupported",
    `${name} holds ${what}.`,
    "Unpack the recordings yourself and import the folder.",
  );
}

function zipError(error: unknown, path: string, name: string): unknown {
  if (error instanceof EctopyError) return error;
  const known = systemError(error, `file ${path}`);
  if (known instanceof EctopyError || !(error instanceof Error)) return known;
  const unsafe = /relative path|absolute path|invalid characters/.test(error.message);
  return new EctopyError(
    unsafe ? "unsafe-path" : "damaged-file",
    `${name} can't be unpacked: ${error.message}.`,
    "Copy it again from where it came from, or unpack it yourself and import the folder.",
    { cause: error },
  );
}
