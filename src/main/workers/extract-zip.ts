/**
 * Unpacks a ZIP archive of recordings in the thread that calls it: a worker thread (untrusted-files-worker.ts), since yauzl is not
 * ours. Every stream and handle has a listener for its errors from the moment it is there, however late they come.
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
import { damaged, MAX_UNPACKED_BYTES, quoted, readZipDirectory, tooMuch, unsafe } from "./zip-directory.ts";

export interface ZipOrder {
  path: string;
  /** An empty folder; gets the files in their folders. */
  folder: string;
  /** What the user calls the archive. */
  name: string;
}

/**
 * @param alive called as bytes are read
 * @throws EctopyError `damaged-file`, `unsafe-path`, `unsupported`, `nothing-usable`, `disk-full`, `not-found`, `no-access`
 */
export async function extractZip(
  { path, folder, name }: ZipOrder,
  progress: ReportProgress = () => {},
  alive: () => void = () => {},
): Promise<void> {
  const stage = `Unpacking ${name}`;
  progress({ stage, done: 0, total: 0, unit: "files" });
  const zip = await open(path, name);
  try {
    const entries = await readZipDirectory(zip, name, alive);
    await withSystemErrors(`the files of ${name}`, () => checkSpace(entries, folder));
    const counter = new ByteCounter(name, alive);
    for (const [done, entry] of entries.entries()) {
      progress({ stage, done, total: entries.length, unit: "files" });
      await extractEntry(zip, entry, folder, counter, name);
    }
  } catch (error) {
    throw zipError(error, name, `the files of ${name}`);
  } finally {
    zip.close();
  }
}

async function open(path: string, name: string): Promise<ZipFile> {
  try {
    const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
    // Told by the promises as well; without a listener, an error after their end would end the thread.
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
  zip: ZipFile,
  entry: Entry,
  folder: string,
  counter: ByteCounter,
  name: string,
): Promise<void> {
  const destination = resolve(join(folder, entry.fileName));
  if (!destination.startsWith(resolve(folder) + sep)) throw leadsOutside(name, entry.fileName);
  await mkdir(dirname(destination), { recursive: true });
  const source = await openEntry(zip, entry);
  try {
    await pipeline(source, counter.stream(), createWriteStream(destination, { flags: "wx" }));
  } finally {
    // A sink that can't even be made throws before the pipeline has the source.
    source.destroy();
  }
}

async function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  const source = await zip.openReadStreamPromise(entry);
  // It may fail before it is read, or after its reader has given up.
  source.on("error", () => {});
  return source;
}

/** Counts what is really written, whatever the archive announces. */
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
        else done(tooMuch(this.#name, `more than ${MAX_UNPACKED_BYTES} bytes unpacked`));
      },
    });
  }
}

function leadsOutside(name: string, fileName: string): EctopyError {
  return unsafe(`${name} holds a file whose path leads outside of it, ${quoted(fileName)}.`, name);
}

function zipError(error: unknown, name: string, place: string): unknown {
  const known = systemError(error, place);
  if (known instanceof EctopyError || !(error instanceof Error)) return known;
  // yauzl looks at names itself, and says so in these words (its validateFileName).
  const outside = /^(?:invalid relative path|absolute path|invalid characters in fileName): (.*)$/s.exec(error.message);
  if (outside) return leadsOutside(name, outside[1]);
  return damaged(`${name} can't be unpacked: ${oneLine(error.message)}.`, error);
}

/** yauzl's messages may hold bytes of the archive. */
function oneLine(message: string): string {
  const text = message
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .replace(/\.$/, "");
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
