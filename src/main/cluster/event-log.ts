/** Events of an attempt, one line each. A line without its end was cut off by a kill, and does not count. */
import { createHash } from "node:crypto";
import { closeSync, copyFileSync, fsyncSync, openSync, readFileSync, statSync, truncateSync, writeSync } from "node:fs";
import { EctopyError } from "../../contract/domain/errors.ts";
import { sharedFolderError } from "./shared-folder-error.ts";
import { trainingEventSchema, type TrainingEvent } from "../../engine/processes/training-messages.ts";
import { PRIVATE_FILE_MODE } from "../base/private-files.ts";
import { sha256 } from "../store/manifest.ts";
import { clusterText, parseClusterText } from "./cluster-text.ts";

/** Events that the workspace stores; it takes the others from the result and from the signs of life. */
const stored = new Set<TrainingEvent["type"]>(["device", "warning", "steps", "epoch"]);

export class EventLog {
  readonly #path: string;
  readonly #file: number;
  readonly #hash = createHash("sha256");
  #bytes = 0;

  /**
   * Begins the events of an attempt.
   * @param earlier file of the attempt that it continues, and the bytes of it that its checkpoint includes
   * @throws EctopyError `disk-full`, `no-access`
   */
  constructor(path: string, earlier: { path: string; bytes: number } | null) {
    this.#path = path;
    try {
      if (earlier !== null) {
        copyFileSync(earlier.path, path);
        truncateSync(path, earlier.bytes);
        this.#hash.update(readFileSync(path));
        this.#bytes = earlier.bytes;
      }
      this.#file = openSync(path, "a", PRIVATE_FILE_MODE);
    } catch (error) {
      throw sharedFolderError(error, path);
    }
  }

  /** Length and SHA-256 of the events so far. */
  get written(): { bytes: number; sha256: string } {
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest("hex") };
  }

  /** Adds an event if the workspace stores its type. @throws EctopyError `disk-full`, `no-access` */
  add(event: TrainingEvent): void {
    if (!stored.has(event.type)) return;
    const line = Buffer.from(`${clusterText(event)}\n`);
    try {
      for (let written = 0; written < line.length;) written += writeSync(this.#file, line, written);
    } catch (error) {
      throw sharedFolderError(error, this.#path);
    }
    this.#hash.update(line);
    this.#bytes += line.length;
  }

  /** Syncs the file to the disk and closes it. @returns its length and SHA-256 */
  close(): { bytes: number; sha256: string } {
    try {
      fsyncSync(this.#file);
    } finally {
      closeSync(this.#file);
    }
    return this.written;
  }
}

/** Returns whether a file begins with the events of a checkpoint, unchanged. */
export function beginsWith(path: string, events: { bytes: number; sha256: string }): boolean {
  try {
    const begin = readFileSync(path).subarray(0, events.bytes);
    return begin.length === events.bytes && sha256(begin) === events.sha256;
  } catch {
    return false; // A checkpoint whose events are lost can't be continued.
  }
}

/**
 * Reads the events of an attempt.
 * @param from byte of the first line
 * @param expected length and SHA-256 that the whole file must have; null: the attempt is not over
 * @returns the events, and the byte after the last whole line
 * @throws EctopyError `damaged-file`, `no-access`
 */
export function readEvents(
  path: string,
  from = 0,
  expected: { bytes: number; sha256: string } | null = null,
): { events: TrainingEvent[]; end: number } {
  let bytes: Buffer;
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return { events: [], end: from };
    bytes = readFileSync(path);
  } catch (error) {
    throw sharedFolderError(error, path);
  }
  if (expected !== null && (bytes.length !== expected.bytes || sha256(bytes) !== expected.sha256)) {
    throw damaged(path);
  }
  const end = Math.max(from, bytes.lastIndexOf("\n") + 1);
  const lines = bytes.toString("utf8", from, end).split("\n").slice(0, -1);
  try {
    return { events: lines.map((line) => trainingEventSchema.parse(parseClusterText(line))), end };
  } catch (cause) {
    throw damaged(path, cause);
  }
}

function damaged(path: string, cause?: unknown): EctopyError {
  return new EctopyError("damaged-file", `${path} is damaged.`, "Train the run again.", { cause });
}
