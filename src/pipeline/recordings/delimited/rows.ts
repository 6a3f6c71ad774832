/**
 * Reads the rows of a text file in blocks: a file of gigabytes needs the memory of a block.
 *
 * Source: RFC 4180 (quotes, doubled quotes, line ends inside quotes). Beyond it: any separator, CR and LF alone as line
 * ends, comments and blank lines, a byte order mark, single quotes around a cell as in PhysioNet's exports.
 */
import type { SourceBytes } from "../source.ts";
import { decodeText } from "../text.ts";
import { damaged } from "../wfdb/faults.ts";
import { MAX_COLUMNS, MAX_LINE_BYTES, type Separator } from "./layout.ts";

const BLOCK_BYTES = 1 << 18;
const [LF, CR, TAB, SPACE, QUOTE, APOSTROPHE, HASH, PERCENT] = [10, 13, 9, 32, 34, 39, 35, 37];

/** The current row: cells are ranges of {@link bytes}, without quotes and spaces around them. */
export class RowReader {
  /** Bytes of the block; valid until the next row. */
  bytes: Uint8Array;
  /** Number of cells. */
  count = 0;
  /** Line of the row, from 1. */
  line = 0;
  readonly from: number[] = [];
  readonly to: number[] = [];
  readonly #source: SourceBytes;
  readonly #file: string;
  readonly #separator: number;
  readonly #isSpaced: boolean;
  /** Bytes of the source that were read. */
  #read = 0;
  #at = 0;
  #end = 0;
  #nextLine = 1;

  constructor(source: SourceBytes, file: string, separator: Separator) {
    this.bytes = new Uint8Array(Math.min(BLOCK_BYTES, source.length));
    this.#source = source;
    this.#file = file;
    this.#separator = separator.charCodeAt(0);
    this.#isSpaced = separator === " ";
    this.#fill(0);
    if (this.bytes[0] === 0xef && this.bytes[1] === 0xbb && this.bytes[2] === 0xbf) this.#at = 3;
  }

  /** Moves to the next row that is neither blank nor a comment. Returns false at the end. @throws EctopyError `damaged-file` */
  next(): boolean {
    while (this.#at < this.#end || this.#read < this.#source.length) {
      const end = this.#findEnd();
      this.line = this.#nextLine;
      const from = this.#at;
      this.#nextLine++;
      this.#at = end + (this.bytes[end] === CR && this.bytes[end + 1] === LF ? 2 : 1);
      if (this.#splits(from, end)) return true;
    }
    return false;
  }

  /** Returns a cell's text, with doubled quotes as one. */
  text(cell: number): string {
    return decodeText(this.bytes.subarray(this.from[cell], this.to[cell])).replaceAll('""', '"');
  }

  /** Returns the end of the line that begins at the current byte, in a block that holds all of it. */
  #findEnd(): number {
    let from = this.#at;
    let isQuoted = false;
    let isStart = true;
    for (;;) {
      for (let at = from; at < this.#end; at++) {
        const byte = this.bytes[at];
        if (isQuoted) {
          if (byte === QUOTE) isQuoted = false;
        } else if (byte === LF || byte === CR) {
          // A CR at the end of the block may belong to a CR LF.
          if (byte === LF || at + 1 < this.#end || this.#read >= this.#source.length) return at;
          from = at;
          break;
        } else if (byte === QUOTE) {
          if (isStart) isQuoted = true;
        } else if (byte !== SPACE) isStart = byte === this.#separator || byte === TAB;
        from = at + 1;
      }
      if (this.#read >= this.#source.length) return this.#end;
      if (this.#end - this.#at > MAX_LINE_BYTES) {
        throw damaged(
          `${this.#file}, line ${this.#nextLine}: it has more than ${MAX_LINE_BYTES} bytes.`,
          "Check that the file has line ends, and that each quote is closed.",
        );
      }
      from -= this.#at;
      this.#fill(this.#at);
    }
  }

  /** Keeps the bytes from a position on, and reads the next block behind them. */
  #fill(from: number): void {
    const kept = this.#end - from;
    const added = Math.min(BLOCK_BYTES, this.#source.length - this.#read);
    const into = kept + added > this.bytes.length ? new Uint8Array(2 * (kept + added)) : this.bytes;
    into.set(this.bytes.subarray(from, this.#end));
    into.set(this.#source.subarray(this.#read, this.#read + added), kept);
    this.bytes = into;
    this.#read += added;
    this.#at = 0;
    this.#end = kept + added;
  }

  #splits(from: number, end: number): boolean {
    const { bytes } = this;
    this.count = 0;
    let at = from;
    while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
    if (at === end || bytes[at] === HASH || bytes[at] === PERCENT) return false;
    if (!this.#isSpaced) at = from;
    while (at <= end) {
      if (this.count === MAX_COLUMNS) {
        throw damaged(`${this.#file}, line ${this.line}: it has more than ${MAX_COLUMNS} columns.`);
      }
      at = this.#cell(at, end) + 1;
      if (this.#isSpaced) while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++;
      if (this.#isSpaced && at >= end) break;
    }
    return true;
  }

  /** Adds the cell at a byte. Returns its separator's position, or the end of the line. */
  #cell(start: number, end: number): number {
    const { bytes } = this;
    let from = start;
    while (from < end && (bytes[from] === SPACE || (bytes[from] === TAB && this.#separator !== TAB))) from++;
    let at = from;
    if (bytes[from] === QUOTE && from < end) {
      at++;
      while (at < end && (bytes[at] !== QUOTE || bytes[at + 1] === QUOTE)) at += bytes[at] === QUOTE ? 2 : 1;
    }
    while (at < end && bytes[at] !== this.#separator && !(this.#isSpaced && bytes[at] === TAB)) at++;
    at = Math.min(at, end);
    let to = at;
    while (to > from && (bytes[to - 1] === SPACE || bytes[to - 1] === TAB)) to--;
    const isQuoted =
      to - from >= 2 && bytes[from] === bytes[to - 1] && (bytes[from] === QUOTE || bytes[from] === APOSTROPHE);
    this.from[this.count] = isQuoted ? from + 1 : from;
    this.to[this.count] = isQuoted ? to - 1 : to;
    this.count++;
    return at;
  }
}
