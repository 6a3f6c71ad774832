/**
 * Downloads one file whose SHA-256 is known. Bytes go to a `.part` file beside it, which an interrupted download
 * resumes; the file is renamed once its hash matches. `.part.tag` holds the server's name of the version that the part
 * belongs to.
 */
import { createHash, type Hash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import { withSystemErrors } from "../../../contract/domain/system-errors.ts";
import type { ListedFile } from "../../../pipeline/recordings/physionet/server-lists.ts";
import { makePrivateFolder, PRIVATE_FILE_MODE } from "../../base/private-files.ts";
import { BrokenOff, type PhysioNetServer, type ServerAnswer } from "./physionet-server.ts";

/** One file's transfer into its part. */
interface Transfer {
  server: PhysioNetServer;
  name: string;
  /** Path of the `.part` file. */
  part: string;
  options: FetchOptions;
}

export interface FetchOptions {
  signal: AbortSignal;
  /** Limit on the file's size. */
  maxBytes: number;
  /** Called with the bytes on the disk, and how many of them the network just delivered. */
  onBytes: (onDisk: number, received: number) => void;
}

/**
 * Attempts in a row with fewer bytes than {@link MIN_PROGRESS_BYTES} each: an unstable connection succeeds, a dripping
 * one fails.
 */
const MAX_ATTEMPTS = 4;
/** Progress after which failed attempts are counted from 1 again. */
const MIN_PROGRESS_BYTES = 65_536;

/**
 * @throws EctopyError `server-unreachable`, `server-refuses`, `server-unsuitable`, `damaged-file`: the hash differed
 * twice;
 *   `disk-full`, `no-access`; CancelledError
 */
export async function fetchFile(
  server: PhysioNetServer,
  folder: string,
  { name, sha256 }: ListedFile,
  options: FetchOptions,
): Promise<void> {
  const path = join(folder, name);
  const part = `${path}.part`;
  await withSystemErrors(`the downloaded file ${path}`, async () => {
    if (name.includes("/")) makePrivateFolder(dirname(path));
    const before = await hashFile(path, options.signal);
    if (before.sha256() === sha256) return options.onBytes(before.bytes, 0);
    for (const last of [false, true]) {
      if ((await fetchPart({ server, name, part, options }, sha256)) === sha256) {
        await rename(part, path);
        return rm(tagOf(part), { force: true });
      }
      await removePart(part);
      options.onBytes(0, 0);
      if (last) throw otherBytes(name);
    }
  });
}

/** @returns SHA-256 of the complete part */
async function fetchPart(transfer: Transfer, sha256: string): Promise<string> {
  const { server, name, part, options } = transfer;
  for (let failed = 0; ;) {
    const { bytes, hash, sha256: hashed } = await hashFile(part, options.signal);
    // Complete already: the process ended just before the renaming.
    if (hashed() === sha256) return sha256;
    options.onBytes(bytes, 0);
    const tag = bytes > 0 ? usableTag(await readFile(tagOf(part), "latin1").catch(() => "")) : "";
    const range = bytes > 0 ? { range: `bytes=${bytes}-`, ...(tag === "" ? {} : { "if-range": tag }) } : {};
    try {
      const whole = await server.ask(name, range, (answer) => receive(transfer, { bytes, hash }, answer));
      if (whole !== null) return whole;
      // The part can't be resumed: start from the beginning.
      await removePart(part);
    } catch (error) {
      if (!(error instanceof BrokenOff)) throw error;
      failed = (await sizeOf(part)) - bytes >= MIN_PROGRESS_BYTES ? 1 : failed + 1;
      if (failed >= MAX_ATTEMPTS) throw server.unreachable(error);
      await pause(server.times.again * failed, options.signal);
    }
  }
}

/** @returns SHA-256 of the complete file; null where the server can't resume the part */
async function receive(
  { server, name, part, options: { maxBytes, onBytes, signal } }: Transfer,
  before: { bytes: number; hash: Hash },
  { status, headers, chunks }: ServerAnswer,
): Promise<string | null> {
  const resumes = status === 206;
  if (status === 416 || (resumes && rangeStart(headers) !== before.bytes)) {
    if (before.bytes === 0) throw server.unsuitable(`it answers with a piece of ${name}`);
    return null;
  }
  let onDisk = resumes ? before.bytes : 0;
  const hash = resumes ? before.hash : createHash("sha256");
  if (!resumes) await keepTag(part, headers);
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      onDisk += chunk.length;
      if (onDisk > maxBytes) throw server.tooLarge(name, maxBytes);
      hash.update(chunk);
      onBytes(onDisk, chunk.length);
      yield chunk;
    }
  };
  try {
    await pipeline(counted, createWriteStream(part, { flags: resumes ? "a" : "w", mode: PRIVATE_FILE_MODE }));
  } catch (error) {
    if (signal.aborted) throw new CancelledError();
    throw error;
  }
  return hash.digest("hex");
}

/** Returns the first byte of a range: `bytes 1000-1999/2000`. */
function rangeStart(headers: Headers): number | null {
  const start = /^bytes (\d{1,15})-/.exec(headers.get("content-range") ?? "")?.[1];
  return start === undefined ? null : Number(start);
}

/**
 * Stores the version for `If-Range` (RFC 9110, 13.1.5): a strong ETag, else the time. Without either, the hash decides
 * afterwards.
 */
async function keepTag(part: string, headers: Headers): Promise<void> {
  const etag = headers.get("etag") ?? "";
  const tag = etag.startsWith('"') ? etag : (headers.get("last-modified") ?? "");
  if (tag === "") await rm(tagOf(part), { force: true });
  else await writeFile(tagOf(part), tag, { encoding: "latin1", mode: PRIVATE_FILE_MODE });
}

/** Returns the tag; empty where it can be no header: a damaged tag must not stop the download. */
function usableTag(text: string): string {
  return /^[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]{0,998}[\x21-\x7e\x80-\xff])?$/.test(text) ? text : "";
}

interface Hashed {
  bytes: number;
  /** State of the hash, to be continued. */
  hash: Hash;
  sha256: () => string;
}

/** Hashes a file; no bytes where it does not exist. */
async function hashFile(path: string, signal: AbortSignal): Promise<Hashed> {
  const hash = createHash("sha256");
  let bytes = 0;
  if ((await sizeOf(path)) > 0) {
    for await (const chunk of createReadStream(path)) {
      if (signal.aborted) throw new CancelledError();
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
  }
  return { bytes, hash, sha256: () => hash.copy().digest("hex") };
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => null))?.size ?? 0;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal });
  } catch {
    throw new CancelledError();
  }
}

async function removePart(part: string): Promise<void> {
  await Promise.all([rm(part, { force: true }), rm(tagOf(part), { force: true })]);
}

function tagOf(part: string): string {
  return `${part}.tag`;
}

function otherBytes(name: string): EctopyError {
  return new EctopyError(
    "damaged-file",
    `The downloaded ${name} twice differed from PhysioNet's checksum.`,
    "Download again later: complete files are kept. If it fails again, report it to PhysioNet or your network's administrator.",
  );
}
