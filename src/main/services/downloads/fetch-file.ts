/**
 * Fetches one file whose SHA-256 is known: into a `.part` beside it, taken up again where it stands after whatever broke it off, and
 * renamed only once its bytes are the right ones. `.part.tag` keeps the server's name for the version that the part is of.
 */
import { createHash, type Hash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { CancelledError, EctopyError } from "../../../contract/domain/errors.ts";
import { withSystemErrors } from "../../../contract/domain/system-errors.ts";
import type { ListedFile } from "../../../pipeline/recordings/physionet/server-lists.ts";
import { PRIVATE_FILE_MODE } from "../../base/private-files.ts";
import { BrokenOff, type PhysioNetServer, type ServerAnswer } from "./physionet-server.ts";

export interface FetchOptions {
  signal: AbortSignal;
  /** Bytes that the file may have at most. */
  most: number;
  /** Told how many bytes of it are there, and how many of them just came over the network. */
  told: (there: number, came: number) => void;
}

/** In a row, each with too little in between: a line that breaks off now and then gets through, one that drips does not. */
const TRIES = 4;
/** Bytes that make a try worth it. */
const ENOUGH = 65_536;

/**
 * @throws EctopyError `server-unreachable`, `server-refuses`, `server-unsuitable`, `damaged-file`: other bytes than listed, twice;
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
    const before = await hashFile(path, options.signal);
    if (before.sha256() === sha256) return options.told(before.bytes, 0);
    for (const last of [false, true]) {
      if ((await fetchPart(server, name, part, sha256, options)) === sha256) {
        await rename(part, path);
        return rm(tagOf(part), { force: true });
      }
      await removePart(part);
      options.told(0, 0);
      if (last) throw otherBytes(name);
    }
  });
}

/** @returns SHA-256 of the part once it is whole */
async function fetchPart(
  server: PhysioNetServer,
  name: string,
  part: string,
  sha256: string,
  options: FetchOptions,
): Promise<string> {
  for (let failed = 0; ;) {
    const { bytes, hash, sha256: hashed } = await hashFile(part, options.signal);
    // Whole already, where the process ended just before the renaming.
    if (hashed() === sha256) return sha256;
    options.told(bytes, 0);
    const tag = bytes > 0 ? usableTag(await readFile(tagOf(part), "latin1").catch(() => "")) : "";
    const wanted = bytes > 0 ? { range: `bytes=${bytes}-`, ...(tag === "" ? {} : { "if-range": tag }) } : {};
    try {
      const whole = await server.ask(name, wanted, (answer) =>
        receive(server, name, part, { bytes, hash }, answer, options),
      );
      if (whole !== null) return whole;
      // What is there is of no use: from the beginning.
      await removePart(part);
    } catch (error) {
      if (!(error instanceof BrokenOff)) throw error;
      failed = (await sizeOf(part)) - bytes >= ENOUGH ? 1 : failed + 1;
      if (failed >= TRIES) throw server.unreachable(error);
      await pause(server.times.again * failed, options.signal);
    }
  }
}

/** @returns SHA-256 of the whole; null where the server can't go on from the part */
async function receive(
  server: PhysioNetServer,
  name: string,
  part: string,
  before: { bytes: number; hash: Hash },
  { status, headers, chunks }: ServerAnswer,
  { most, told, signal }: FetchOptions,
): Promise<string | null> {
  const goesOn = status === 206;
  if (status === 416 || (goesOn && rangeStart(headers) !== before.bytes)) {
    if (before.bytes === 0) throw server.unsuitable(`it answers with a piece of ${name}`);
    return null;
  }
  let there = goesOn ? before.bytes : 0;
  const hash = goesOn ? before.hash : createHash("sha256");
  if (!goesOn) await keepTag(part, headers);
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      there += chunk.length;
      if (there > most) throw server.tooLarge(name, most);
      hash.update(chunk);
      told(there, chunk.length);
      yield chunk;
    }
  };
  try {
    await pipeline(counted, createWriteStream(part, { flags: goesOn ? "a" : "w", mode: PRIVATE_FILE_MODE }));
  } catch (error) {
    if (signal.aborted) throw new CancelledError();
    throw error;
  }
  return hash.digest("hex");
}

/** Where the piece begins: `bytes 1000-1999/2000`. */
function rangeStart(headers: Headers): number | null {
  const start = /^bytes (\d{1,15})-/.exec(headers.get("content-range") ?? "")?.[1];
  return start === undefined ? null : Number(start);
}

/** Names the version for `If-Range` (RFC 9110, 13.1.5): a strong ETag, else the time. Without either the checksum tells afterwards. */
async function keepTag(part: string, headers: Headers): Promise<void> {
  const etag = headers.get("etag") ?? "";
  const tag = etag.startsWith('"') ? etag : (headers.get("last-modified") ?? "");
  if (tag === "") await rm(tagOf(part), { force: true });
  else await writeFile(tagOf(part), tag, { encoding: "latin1", mode: PRIVATE_FILE_MODE });
}

/** Empty where the file holds what no header can be: a damaged tag must not stop the download. */
function usableTag(text: string): string {
  return /^[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]{0,998}[\x21-\x7e\x80-\xff])?$/.test(text) ? text : "";
}

interface Hashed {
  bytes: number;
  /** To be gone on with. */
  hash: Hash;
  sha256: () => string;
}

/** Of no bytes where there is no file. */
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
    `${name} arrived twice with other bytes than PhysioNet's list of checksums says.`,
    "Download again later: what was right is kept. If it stays so, tell PhysioNet, or whoever runs the network.",
  );
}
