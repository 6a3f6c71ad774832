/**
 * Unpacks a ZIP archive of recordings in the calling thread: a worker thread (untrusted-files-worker.ts), because yauzl
 * is third-party code. Every stream and handle has an error listener from its creation, because errors can occur late.
 */
import { createWriteStream } from "node:fs";
import { mkdir, statfs } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { openPromise, type Entry, type ZipFile } from "yauzl";
import { EctopyError } from "../../contract/domain/errors.ts";
import type { ReportProgress } from "../../contract/domain/jobs.ts";
import { systemError, withSystemErrors } from "../../contract/domain/system-errors.ts";
import { damaged, MAX_UNPACKED_BYTES, quoted, readZipDirectory, tooLarge, unsafe } from "./zip-directory.ts";

export interface ZipInput {
  path: string;
  /** An empty folder; receives the files in their folders. */
  folder: string;
  /** Name of the archive for messages. */
  name: string;
}

/**
 * Unpacks an archive.
 * @param alive called while bytes are read
 * @returns names of the archives in the archive, which are not unpacked
 * @throws EctopyError `damaged-file`, `unsafe-path`, `unsupported`, `nothing-usable`, `disk-full`, `not-found`,
 * `no-access`
 */
export async function extractZip(
  { path, folder, name }: ZipInput,
  progress: ReportProgress = () => {},
  alive: () => void = () => {},
): Promise<string[]> {
  const stage = `Unpacking ${name}`;
  progress({ stage, done: 0, total: 0, unit: "files" });
  const zip = await open(path, name);
  try {
    const { files: entries, nested } = await readZipDirectory(zip, name, alive);
    await withSystemErrors(`the files of ${name}`, () => checkSpace(entries, folder));
    const counter = new ByteCounter(name, alive);
    for (const [done, entry] of entries.entries()) {
      progress({ stage, done, total: entries.length, unit: "files" });
      await extractEntry({ zip, name, counter }, entry, folder);
    }
    return nested;
  } catch (error) {
    throw zipError(error, name, `the files of ${name}`);
  } finally {
    await close(zip);
  }
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

async function checkSpace(entries: readonly Entry[], folder: string): Promise<void> {
  const bytes = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
  const { bavail, bsize } = await statfs(folder);
  if (bytes > bavail * bsize) throw Object.assign(new Error(), { code: "ENOSPC" });
}

async function extractEntry(
  { zip, name, counter }: { zip: ZipFile; name: string; counter: ByteCounter },
  entry: Entry,
  folder: string,
): Promise<void> {
  const destination = resolve(join(folder, entry.fileName));
  if (!destination.startsWith(resolve(folder) + sep)) throw leadsOutside(name, entry.fileName);
  await mkdir(dirname(destination), { recursive: true });
  const source = await openEntry(zip, entry);
  try {
    await pipeline(source, counter.stream(), createWriteStream(destination, { flags: "wx" }));
  } finally {
    // If the sink cannot be created, it throws before the pipeline owns the source.
    source.destroy();
  }
}

async function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  const source = await zip.openReadStreamPromise(entry);
  // It may fail before it is read, or after its reader has stopped.
  source.on("error", () => {});
  return source;
}

/** Counts the bytes that are written, because the sizes in the archive may be false. */
class ByteCounter {
  readonly #name: string;
  readonly #alive: () => void;
  #bytes = 0;

  constructor(name: string, alive: () => void) {
    this.#name = name;
    this.#alive = alive;
  }

  stream(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#alive();
        this.#bytes += chunk.length;
        if (this.#bytes <= MAX_UNPACKED_BYTES) done(null, chunk);
        else done(tooLarge(this.#name, `more than ${MAX_UNPACKED_BYTES} bytes unpacked`));
      },
    });
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
