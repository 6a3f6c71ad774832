/**
 * Lists the files of a ZIP archive of recordings in the calling thread: a worker thread (untrusted-files-worker.ts),
 * because yauzl is third-party code. Its error listeners stay from the opening on, because errors can occur late.
 */
import { openPromise, type Entry, type ZipFile } from "yauzl";
import { EctopyError } from "../../contract/domain/errors.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import { damaged, quoted, readZipDirectory, unsafe } from "./zip-directory.ts";
import type { ZipEntry } from "./zip-entry.ts";

export interface ZipInput {
  path: string;
  /** Name of the archive for messages. */
  name: string;
}

/** Files of an archive, by folder. */
export interface ZipTree {
  /** Folders with files, in the order of their places; the files sorted. */
  folders: { place: string; entries: ZipEntry[] }[];
  /** Archives in the archive, which are not opened. */
  nested: string[];
}

/**
 * Lists the files of an archive after its directory was checked; no file is unpacked.
 * @param alive called while the directory is read
 * @throws EctopyError `damaged-file`, `unsafe-path`, `unsupported`, `nothing-usable`, `not-found`, `no-access`
 */
export async function listZipTree({ path, name }: ZipInput, alive: () => void = () => {}): Promise<ZipTree> {
  const zip = await open(path, name);
  try {
    const { files, nested } = await readZipDirectory(zip, name, alive);
    return { folders: byFolder(files), nested };
  } catch (error) {
    throw zipError(error, name, `file ${name}`);
  } finally {
    await close(zip);
  }
}

function byFolder(files: readonly Entry[]): ZipTree["folders"] {
  const folders = new Map<string, ZipEntry[]>();
  for (const entry of files) {
    const steps = entry.fileName.split("/").filter((step) => step !== "" && step !== ".");
    const name = steps.pop();
    if (name === undefined) continue;
    const place = steps.join("/");
    const entries = folders.get(place) ?? [];
    folders.set(place, entries);
    entries.push({
      name,
      offset: entry.relativeOffsetOfLocalHeader,
      packed: entry.compressedSize,
      size: entry.uncompressedSize,
      method: entry.compressionMethod,
      crc: entry.crc32,
    });
  }
  const inOrder = (one: string, other: string): number => (one < other ? -1 : 1);
  return [...folders]
    .sort(([one], [other]) => inOrder(one, other))
    .map(([place, entries]) => ({ place, entries: entries.sort((a, b) => inOrder(a.name, b.name)) }));
}

/**
 * Waits until the archive is closed: a thread that ends before leaves the descriptor open for the life of the process.
 */
async function close(zip: ZipFile): Promise<void> {
  if (!zip.isOpen) return;
  const closed = Promise.withResolvers<void>();
  zip.once("close", () => closed.resolve());
  // An archive that was only read has nothing to lose by an error.
  zip.once("error", () => closed.resolve());
  zip.close();
  await closed.promise;
}

async function open(path: string, name: string): Promise<ZipFile> {
  try {
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
    // The promises report errors too; without a listener, an error after their end would end the thread.
    zip.on("error", () => {});
    return zip;
  } catch (error) {
    throw zipError(error, name, `file ${path}`);
  }
}

function leadsOutside(name: string, fileName: string): EctopyError {
  return unsafe(`${name} contains a file whose path leads outside of it, ${quoted(fileName)}.`, name);
}

function zipError(error: unknown, name: string, place: string): unknown {
  const known = systemError(error, place);
  if (known instanceof EctopyError || !(error instanceof Error)) return known;
  // yauzl checks names too, and reports them with these messages (its validateFileName).
  const outside = /^(?:invalid relative path|absolute path|invalid characters in fileName): (.*)$/s.exec(error.message);
  if (outside) return leadsOutside(name, outside[1]);
  return damaged(`${name} cannot be unpacked: ${oneLine(error.message)}.`, error);
}

/** Cleans a message of yauzl: it may contain bytes of the archive. */
function oneLine(message: string): string {
  const text = message
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .replace(/\.$/, "");
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
