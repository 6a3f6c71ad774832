/**
 * Downloads a file of known size and SHA-256. Bytes go to a `.part` file beside it, which the next attempt resumes, also
 * after a restart; the file is renamed once its hash matches.
 */
import { createHash } from "node:crypto";
import { closeSync, createReadStream, existsSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { reasonOf, request } from "./python-index.mjs";
import { SetupError } from "./report.mjs";

/** Attempts in a row without a received byte. */
const MAX_ATTEMPTS = 4;
/** Time without a byte after which a connection is given up, in ms. */
const SILENCE_MS = 60_000;

/**
 * @param {import("./python-index.mjs").Fetch} fetch
 * @param {{ url: string, size: number, sha256: string }} source
 * @param {string} path
 * @param {(bytes: number) => void} onBytes called with the bytes on the disk
 * @param {number} [pauseMs] between attempts
 * @throws {SetupError} where the server does not answer, or sends other bytes twice
 */
export async function download(fetch, source, path, onBytes, pauseMs = 2_000) {
  if (existsSync(path) && (await sha256Of(path)) === source.sha256) return onBytes(source.size);
  const part = `${path}.part`;
  for (const last of [false, true]) {
    await receiveAll(fetch, source, part, { onBytes, pauseMs });
    if ((await sha256Of(part)) === source.sha256) return renameSync(part, path);
    rmSync(part, { force: true });
    if (last) break;
  }
  throw new SetupError(
    `The downloaded ${basename(path)} twice differed from the hash of the index.`,
    "Run the same command again later; complete files are kept.",
  );
}

/**
 * @param {import("./python-index.mjs").Fetch} fetch
 * @param {{ url: string, size: number }} source
 * @param {string} part
 * @param {{ onBytes: (bytes: number) => void, pauseMs: number }} options
 */
async function receiveAll(fetch, { url, size }, part, { onBytes, pauseMs }) {
  for (let attempts = 0; ;) {
    const begun = sizeOf(part);
    if (begun === size) return;
    if (begun > size) rmSync(part);
    try {
      await receive(fetch, url, part, onBytes);
      if (sizeOf(part) === size) return;
      throw new Error("the connection ended early");
    } catch (error) {
      attempts = sizeOf(part) > begun ? 1 : attempts + 1;
      if (attempts >= MAX_ATTEMPTS) {
        throw new SetupError(
          `${url} could not be downloaded: ${reasonOf(error)}.`,
          "Check the network connection and run the same command again: it resumes.",
        );
      }
      await wait(pauseMs);
    }
  }
}

/**
 * @param {import("./python-index.mjs").Fetch} fetch
 * @param {string} url
 * @param {string} part
 * @param {(bytes: number) => void} onBytes
 */
async function receive(fetch, url, part, onBytes) {
  const from = sizeOf(part);
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`nothing came for ${SILENCE_MS / 1000} s`)), SILENCE_MS);
  try {
    const headers = from > 0 ? { range: `bytes=${from}-` } : {};
    const response = await request(fetch, url, { headers, signal: silence.signal });
    if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
    // A server without ranges sends all bytes.
    const resumes = response.status === 206 && response.headers.get("content-range")?.startsWith(`bytes ${from}-`);
    let bytes = resumes ? from : 0;
    const file = openSync(part, resumes ? "a" : "w");
    try {
      // Written at once: what arrived before a connection breaks is kept.
      for await (const chunk of response.body) {
        timer.refresh();
        writeSync(file, chunk);
        onBytes((bytes += chunk.length));
      }
    } finally {
      closeSync(file);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** @param {string} path */
async function sha256Of(path) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** @param {string} path @returns {number} 0 where it does not exist */
function sizeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
