/**
 * Directory of a ZIP archive, checked before the first file is unpacked: no path leads outside, there is no link, no
 * two files have the same path, no byte of the archive is used twice, and there are no more files or bytes than
 * recordings can need.
 *
 * Source: APPNOTE.TXT 6.3.10 (PKWARE), 4.3 and 4.4.
 */
import { extname } from "node:path";
import type { Entry, ZipFile } from "yauzl";
import { isJunk } from "../../pipeline/recordings/finding/junk.ts";
import { EctopyError } from "../../contract/domain/errors.ts";

export const MAX_FILES = 100_000;
/** Four times the largest archive that is expected (10 GB), with room; the free space of the disk is checked, too. */
export const MAX_UNPACKED_BYTES = 64_000_000_000;
/** Limit of names, extra fields and comments of all entries together. */
const MAX_DIRECTORY_BYTES = 64_000_000;
/**
 * Limit of the compression ratio: recordings reach 2 to 4, flat leads more. A higher ratio shows an archive made to
 * fill the disk.
 */
const MAX_RATIO = 200;
/** Unpacked size below which no ratio is suspicious. */
const MIN_SUSPICIOUS_BYTES = 50_000_000;
/** Limits of the common file systems (NAME_MAX), and of Windows' and macOS' paths. */
const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 1000;
/** Size of a local header without its name and extra field, whose lengths in the archive may be false (4.3.7). */
const LOCAL_HEADER_BYTES = 30;

const archives = new Set([".zip", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".7z", ".rar"]);
/** Upper 16 bits of the external attributes: the Unix file type (4.4.15; `S_IFMT`, `S_IFLNK`). */
const FILE_TYPE = 0o170000;
const LINK = 0o120000;

/**
 * Reads and checks the directory.
 * @param zip opened with `lazyEntries`
 * @param name name of the archive for messages
 * @param alive called for each entry
 * @returns the files to unpack, without folders, archives and the files that operating systems add; and the archives
 * @throws EctopyError `unsafe-path`, `unsupported`, `damaged-file`, `nothing-usable`; yauzl's errors
 */
export async function readZipDirectory(
  zip: ZipFile,
  name: string,
  alive: () => void = () => {},
): Promise<{ files: Entry[]; nested: string[] }> {
  if (zip.entryCount > MAX_FILES) throw tooLarge(name, `${zip.entryCount} files; ${MAX_FILES} is the limit`);
  const files: Entry[] = [];
  const nested: string[] = [];
  const ranges: ByteRange[] = [];
  let directoryBytes = 0;
  for await (const entry of zip.eachEntry()) {
    alive();
    directoryBytes += entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
    if (directoryBytes > MAX_DIRECTORY_BYTES)
      throw tooLarge(name, `a directory of more than ${MAX_DIRECTORY_BYTES} bytes`);
    ranges.push(rangeOf(entry));
    checkEntry(entry, name);
    if (entry.fileName.endsWith("/") || entry.fileName.split("/").some(isJunk)) continue;
    if (archives.has(extname(entry.fileName).toLowerCase())) nested.push(entry.fileName);
    else files.push(entry);
  }
  checkRanges(ranges, zip.fileSize, name);
  checkPaths(files, name);
  checkSizes(files, name);
  if (files.length === 0) throw nothingIn(name, nested);
  return { files, nested };
}

function checkEntry(entry: Entry, name: string): void {
  const { fileName } = entry;
  if (/\p{Cc}/u.test(fileName)) {
    throw unsafe(`${name} contains a file whose name has control characters, ${quoted(fileName)}.`, name);
  }
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === LINK) {
    throw unsafe(`${name} contains a link, ${quoted(fileName)}, which could lead outside of it.`, name);
  }
  if (entry.isEncrypted()) {
    throw new EctopyError("unsupported", `${name} is protected by a password.`, "Unpack it and import the folder.");
  }
  const longest = fileName.split("/").find((each) => Buffer.byteLength(each) > MAX_NAME_BYTES);
  if (longest !== undefined || Buffer.byteLength(fileName) > MAX_PATH_BYTES) {
    throw new EctopyError(
      "unsupported",
      longest === undefined
        ? `${name} contains a path of more than ${MAX_PATH_BYTES} bytes, ${quoted(fileName)}.`
        : `${name} contains a name of more than ${MAX_NAME_BYTES} bytes, ${quoted(longest)}.`,
      "Shorten the names, pack the archive again and import it.",
    );
  }
}

interface ByteRange {
  from: number;
  to: number;
  fileName: string;
}

/** Returns the smallest range of bytes in the archive that an entry needs. */
function rangeOf({ relativeOffsetOfLocalHeader: from, compressedSize, fileName }: Entry): ByteRange {
  return { from, to: from + LOCAL_HEADER_BYTES + compressedSize, fileName };
}

/** Refuses overlaps: without them, the packed sizes together do not exceed the size of the archive. */
function checkRanges(ranges: ByteRange[], fileSize: number, name: string): void {
  const cut = ranges.find(({ to }) => to > fileSize);
  if (cut) throw damaged(`${name} is incomplete: it ends before its file ${quoted(cut.fileName)}.`);
  ranges.sort((a, b) => a.from - b.from);
  for (let i = 1; i < ranges.length; i++) {
    const [before, after] = [ranges[i - 1], ranges[i]];
    if (after.from >= before.to) continue;
    throw damaged(
      `${name} contains two files in the same bytes, ${quoted(before.fileName)} and ${quoted(after.fileName)}: ` +
        "no program packs an archive like this.",
    );
  }
}

/** Refuses files that have the same path on some file systems: the one unpacked last would win. */
function checkPaths(entries: readonly Entry[], name: string): void {
  const files = new Map<string, string>();
  for (const { fileName } of entries) {
    const before = files.get(foldedPath(fileName));
    if (before !== undefined) throw damaged(`${name} contains ${sameName(before, fileName)}.`);
    files.set(foldedPath(fileName), fileName);
  }
  for (const { fileName } of entries) {
    const steps = fileName.split("/");
    for (let depth = 1; depth < steps.length; depth++) {
      const folder = steps.slice(0, depth).join("/");
      const file = files.get(foldedPath(folder));
      if (file !== undefined) throw damaged(`${name} contains a file and a folder of the same name, ${quoted(file)}.`);
    }
  }
}

/** Returns a path as file systems compare it that ignore case and the encoding of accented letters (NTFS, APFS). */
function foldedPath(path: string): string {
  const steps = path.split("/").filter((step) => step !== "" && step !== ".");
  return steps.join("/").normalize("NFC").toLowerCase().normalize("NFC");
}

function sameName(one: string, other: string): string {
  if (one === other) return `two files of the same name, ${quoted(one)}`;
  const differ =
    one.normalize("NFC") === other.normalize("NFC") ? "the encoding of an accented letter" : "case or spelling";
  return `two files whose names differ only in ${differ}, ${quoted(one)} and ${quoted(other)}`;
}

function checkSizes(entries: readonly Entry[], name: string): void {
  const bytes = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  const packed = entries.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
  if (bytes > MAX_UNPACKED_BYTES) throw tooLarge(name, `${bytes} bytes unpacked; ${MAX_UNPACKED_BYTES} is the limit`);
  if (bytes > MIN_SUSPICIOUS_BYTES && bytes > packed * MAX_RATIO) {
    throw tooLarge(name, `${Math.round(bytes / packed)} times as many bytes as its own size`);
  }
}

function nothingIn(name: string, nested: readonly string[]): EctopyError {
  if (nested.length === 0) {
    return new EctopyError("nothing-usable", `${name} contains no files.`, "Choose an archive with recordings.");
  }
  const [first, ...others] = nested.slice(0, 4).map(quoted);
  const named = [first, ...others].join(", ") + (nested.length > 4 ? ", …" : "");
  return new EctopyError(
    "unsupported",
    `${name} contains only other archives: ${named}.`,
    "Unpack it, and import the archives in it, or their folders.",
  );
}

/** Returns a file name for a message: shortened, and without control characters, which a terminal would execute. */
export function quoted(fileName: string): string {
  const shown = fileName.length > 100 ? `${fileName.slice(0, 100)}…` : fileName;
  return JSON.stringify(shown).replace(/[\u007f-\u009f]/g, (each) => `\\u00${each.charCodeAt(0).toString(16)}`);
}

export function unsafe(message: string, name: string): EctopyError {
  return new EctopyError("unsafe-path", message, `Unpack ${name} yourself, check its files, and import the folder.`);
}

export function tooLarge(name: string, content: string): EctopyError {
  return new EctopyError(
    "unsupported",
    `${name} contains ${content}.`,
    "Unpack the recordings yourself and import the folder.",
  );
}

export function damaged(message: string, cause?: unknown): EctopyError {
  return new EctopyError(
    "damaged-file",
    message,
    "Copy it again from its source, or unpack it yourself and import the folder.",
    { cause },
  );
}
