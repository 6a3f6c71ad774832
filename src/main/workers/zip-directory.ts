/**
 * The files that a ZIP archive announces, checked before the first is unpacked: no path leads outside, no link, no two files in one
 * place, no byte of the archive used twice, and no more files or bytes than recordings can need.
 *
 * Source: APPNOTE.TXT 6.3.10 (PKWARE), 4.3 and 4.4.
 */
import { extname } from "node:path";
import type { Entry, ZipFile } from "yauzl";
import { EctopyError } from "../../contract/domain/errors.ts";

export const MAX_FILES = 20_000;
export const MAX_UNPACKED_BYTES = 16_000_000_000;
/** Names, extra fields and comments of all entries together. */
const MAX_DIRECTORY_BYTES = 64_000_000;
/** Recordings shrink two to four times; flat leads more. Beyond this a small archive is made to fill the disk. */
const MAX_RATIO = 200;
/** Below this, no ratio is suspicious. */
const MIN_SUSPICIOUS_BYTES = 50_000_000;
/** Limits of the common file systems (NAME_MAX), and of Windows' and macOS' paths. */
const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 1000;
/** A local header without its name and extra field, whose lengths are the archive's own word (4.3.7). */
const LOCAL_HEADER_BYTES = 30;

const archives = new Set([".zip", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".7z", ".rar"]);
/** Upper 16 bits of the external attributes: the Unix file type (4.4.15; `S_IFMT`, `S_IFLNK`). */
const FILE_TYPE = 0o170000;
const LINK = 0o120000;

/**
 * @param zip opened with `lazyEntries`
 * @param name of the archive, for messages
 * @param alive called now and then while the directory is read
 * @returns the files to unpack; folders, archives in the archive and what macOS adds are left out
 * @throws EctopyError `unsafe-path`, `unsupported`, `damaged-file`, `nothing-usable`; yauzl's errors
 */
export async function readZipDirectory(zip: ZipFile, name: string, alive: () => void = () => {}): Promise<Entry[]> {
  if (zip.entryCount > MAX_FILES) throw tooMuch(name, `${zip.entryCount} files; ${MAX_FILES} is the limit`);
  const wanted: Entry[] = [];
  const nested: string[] = [];
  const ranges: ByteRange[] = [];
  let directoryBytes = 0;
  for await (const entry of zip.eachEntry()) {
    alive();
    directoryBytes += entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
    if (directoryBytes > MAX_DIRECTORY_BYTES)
      throw tooMuch(name, `a directory of more than ${MAX_DIRECTORY_BYTES} bytes`);
    ranges.push(rangeOf(entry));
    checkEntry(entry, name);
    if (entry.fileName.endsWith("/") || entry.fileName.startsWith("__MACOSX/")) continue;
    if (archives.has(extname(entry.fileName).toLowerCase())) nested.push(entry.fileName);
    else wanted.push(entry);
  }
  checkRanges(ranges, zip.fileSize, name);
  checkPlaces(wanted, name);
  checkSizes(wanted, name);
  if (wanted.length === 0) throw nothingIn(name, nested);
  return wanted;
}

function checkEntry(entry: Entry, name: string): void {
  const { fileName } = entry;
  if (/\p{Cc}/u.test(fileName)) {
    throw unsafe(`${name} holds a file whose name has control characters, ${quoted(fileName)}.`, name);
  }
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === LINK) {
    throw unsafe(`${name} holds a link, ${quoted(fileName)}, which could lead outside of it.`, name);
  }
  if (entry.isEncrypted()) {
    throw new EctopyError("unsupported", `${name} is protected by a password.`, "Unpack it and import the folder.");
  }
  const longest = fileName.split("/").find((step) => Buffer.byteLength(step) > MAX_NAME_BYTES);
  if (longest !== undefined || Buffer.byteLength(fileName) > MAX_PATH_BYTES) {
    throw new EctopyError(
      "unsupported",
      longest === undefined
        ? `${name} holds a path of more than ${MAX_PATH_BYTES} bytes, ${quoted(fileName)}.`
        : `${name} holds a name of more than ${MAX_NAME_BYTES} bytes, ${quoted(longest)}.`,
      "Shorten its names, pack it again and import it.",
    );
  }
}

interface ByteRange {
  from: number;
  to: number;
  fileName: string;
}

/** Bytes of the archive that an entry needs at least. */
function rangeOf({ relativeOffsetOfLocalHeader: from, compressedSize, fileName }: Entry): ByteRange {
  return { from, to: from + LOCAL_HEADER_BYTES + compressedSize, fileName };
}

/** Without an overlap, the packed sizes together are no more than the archive's own size. */
function checkRanges(ranges: ByteRange[], fileSize: number, name: string): void {
  const cut = ranges.find(({ to }) => to > fileSize);
  if (cut) throw damaged(`${name} is cut short: it ends before its file ${quoted(cut.fileName)} does.`);
  ranges.sort((a, b) => a.from - b.from);
  for (let i = 1; i < ranges.length; i++) {
    const [before, after] = [ranges[i - 1], ranges[i]];
    if (after.from >= before.to) continue;
    throw damaged(
      `${name} holds two files in the same bytes, ${quoted(before.fileName)} and ${quoted(after.fileName)}: ` +
        "no program packs an archive so.",
    );
  }
}

/** Two files that some file system would put in one place; on another, they would depend on the order. */
function checkPlaces(entries: readonly Entry[], name: string): void {
  const files = new Map<string, string>();
  for (const { fileName } of entries) {
    const before = files.get(placeOf(fileName));
    if (before !== undefined) throw damaged(`${name} holds ${sameName(before, fileName)}.`);
    files.set(placeOf(fileName), fileName);
  }
  for (const { fileName } of entries) {
    const steps = fileName.split("/");
    for (let depth = 1; depth < steps.length; depth++) {
      const folder = steps.slice(0, depth).join("/");
      const file = files.get(placeOf(folder));
      if (file !== undefined) throw damaged(`${name} holds a file and a folder of one name, ${quoted(file)}.`);
    }
  }
}

/** As a file system sees it that tells neither case nor the forms of an accented letter apart (NTFS, APFS). */
function placeOf(path: string): string {
  const steps = path.split("/").filter((step) => step !== "" && step !== ".");
  return steps.join("/").normalize("NFC").toLowerCase().normalize("NFC");
}

function sameName(one: string, other: string): string {
  if (one === other) return `two files of one name, ${quoted(one)}`;
  const differ =
    one.normalize("NFC") === other.normalize("NFC")
      ? "the encoding of an accented letter"
      : "case, or in how they are written";
  return `two files whose names differ only in ${differ}, ${quoted(one)} and ${quoted(other)}`;
}

function checkSizes(entries: readonly Entry[], name: string): void {
  const bytes = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  const packed = entries.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
  if (bytes > MAX_UNPACKED_BYTES) throw tooMuch(name, `${bytes} bytes unpacked; ${MAX_UNPACKED_BYTES} is the limit`);
  if (bytes > MIN_SUSPICIOUS_BYTES && bytes > packed * MAX_RATIO) {
    throw tooMuch(name, `${Math.round(bytes / packed)} times as many bytes as it takes itself`);
  }
}

function nothingIn(name: string, nested: readonly string[]): EctopyError {
  if (nested.length === 0) {
    return new EctopyError("nothing-usable", `${name} holds no files.`, "Choose an archive that holds recordings.");
  }
  const [first, ...others] = nested.slice(0, 4).map(quoted);
  const named = [first, ...others].join(", ") + (nested.length > 4 ? ", …" : "");
  return new EctopyError(
    "unsupported",
    `${name} holds only other archives: ${named}.`,
    "Unpack it, and import the archives in it, or their folders.",
  );
}

/** Short enough for a message, and without characters that a terminal would obey. */
export function quoted(fileName: string): string {
  const shown = fileName.length > 100 ? `${fileName.slice(0, 100)}…` : fileName;
  return JSON.stringify(shown).replace(/[\u007f-\u009f]/g, (each) => `\\u00${each.charCodeAt(0).toString(16)}`);
}

export function unsafe(message: string, name: string): EctopyError {
  return new EctopyError(
    "unsafe-path",
    message,
    `Unpack ${name} yourself, look at what it holds, and import the folder.`,
  );
}

export function tooMuch(name: string, what: string): EctopyError {
  return new EctopyError(
    "unsupported",
    `${name} holds ${what}.`,
    "Unpack the recordings yourself and import the folder.",
  );
}

export function damaged(message: string, cause?: unknown): EctopyError {
  return new EctopyError(
    "damaged-file",
    message,
    "Copy it again from where it came from, or unpack it yourself and import the folder.",
    { cause },
  );
}
