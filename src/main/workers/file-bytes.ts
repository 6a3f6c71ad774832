/**
 * Signal file that is read in blocks when its samples are needed: a recording of a day is never completely in memory.
 */
import { closeSync, openSync, readSync } from "node:fs";
import { basename } from "node:path";
import { EctopyError } from "../../contract/domain/errors.ts";
import { systemError } from "../../contract/domain/system-errors.ts";
import type { SourceBytes } from "../../pipeline/recordings/source.ts";

/**
 * Size at which opening the file for each block costs nothing. No handle stays open, whatever happens to the reader.
 */
const BLOCK_BYTES = 1 << 20;

export class FileBytes implements SourceBytes {
  readonly length: number;
  readonly #path: string;
  /** Position in the file of the first byte. */
  readonly #start: number;
  readonly #name: string;
  #block = new Uint8Array(0);
  /** Position of the block, counted from the start. */
  #from = 0;

  /**
   * @param length size of the file in bytes, from its status
   * @param start position of the first byte, where the file is a part of an archive
   * @param name name for messages
   */
  constructor(path: string, length: number, { start = 0, name = basename(path) } = {}) {
    this.#path = path;
    this.length = length;
    this.#start = start;
    this.#name = name;
  }

  /**
   * Returns bytes of the file.
   * @throws EctopyError `damaged-file` if the file has become shorter; `no-access`, `not-found`
   */
  subarray(from: number, to: number): Uint8Array {
    const end = Math.min(to, this.length);
    if (from < this.#from || end > this.#from + this.#block.length) this.#read(from, end);
    return this.#block.subarray(from - this.#from, Math.max(from, end) - this.#from);
  }

  #read(from: number, to: number): void {
    const bytes = Math.min(Math.max(to - from, BLOCK_BYTES), this.length - from);
    const block = new Uint8Array(Math.max(0, bytes));
    let filled = 0;
    try {
      const descriptor = openSync(this.#path, "r");
      try {
        while (filled < block.length) {
          const read = readSync(descriptor, block, filled, block.length - filled, this.#start + from + filled);
          if (read === 0) throw this.#shorter();
          filled += read;
        }
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      throw systemError(error, `file ${this.#name}`);
    }
    this.#block = block;
    this.#from = from;
  }

  #shorter(): EctopyError {
    return new EctopyError(
      "damaged-file",
      `${this.#name} became shorter while it was read.`,
      "Wait until no program writes to it, and import it again.",
    );
  }
}

/** Yields the bytes in pieces, in order; a piece is valid until the next one is requested. */
export function* piecesOf(bytes: SourceBytes): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += BLOCK_BYTES) {
    yield bytes.subarray(from, Math.min(bytes.length, from + BLOCK_BYTES));
  }
}
