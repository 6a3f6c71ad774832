/** Reads a file of bytes in one direction, in windows: the file never is in memory as a whole. */
import type { SourceBytes } from "../source.ts";

const WINDOW_BYTES = 1 << 16;
/** What {@link ByteCursor.peek} returns at the end. */
export const END = -1;

export class ByteCursor {
  readonly #bytes: SourceBytes;
  #window: Uint8Array = new Uint8Array();
  /** Position of the window in the file. */
  #from = 0;
  /** Position in the window. */
  #at = 0;

  constructor(bytes: SourceBytes) {
    this.#bytes = bytes;
    this.#fill();
  }

  /** Position in the file. */
  get position(): number {
    return this.#from + this.#at;
  }

  /** Returns the next byte without passing it; {@link END} behind the last. */
  peek(): number {
    if (this.#at === this.#window.length) this.#fill();
    return this.#at < this.#window.length ? this.#window[this.#at] : END;
  }

  /** Passes the byte that {@link peek} has returned. */
  pass(): void {
    this.#at++;
  }

  /** Passes an ASCII text if it is next. */
  passes(token: string): boolean {
    if (this.peek() !== token.charCodeAt(0)) return false;
    if (this.#at + token.length > this.#window.length) this.#fill();
    if (this.#at + token.length > this.#window.length) return false;
    for (let i = 1; i < token.length; i++) {
      if (this.#window[this.#at + i] !== token.charCodeAt(i)) return false;
    }
    this.#at += token.length;
    return true;
  }

  /** Returns the bytes up to the next `stop`, at most the rest of the window, and passes them. They are valid until the next call. */
  run(stop: number): Uint8Array {
    if (this.peek() === END) return this.#window.subarray(this.#at);
    const end = this.#window.indexOf(stop, this.#at);
    const run = this.#window.subarray(this.#at, end < 0 ? this.#window.length : end);
    this.#at += run.length;
    return run;
  }

  /** Reads a window from the position on. */
  #fill(): void {
    this.#from += this.#at;
    this.#at = 0;
    this.#window = this.#bytes.subarray(this.#from, Math.min(this.#bytes.length, this.#from + WINDOW_BYTES));
  }
}
