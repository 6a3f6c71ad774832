/** Samples in a text: integers, separated by spaces. The text arrives in pieces, so it never is in memory as a whole. */
import { decimalOf } from "../decimal-text.ts";
import { MISSING_VALUE } from "../source.ts";

const PART_SAMPLES = 1 << 16;
/** Longest text of a number; a longer one is a missing sample. */
const MAX_TOKEN_BYTES = 64;
const MAX_SAMPLE = 2 ** 31 - 1;
/** Digits that an addition can't round. */
const MAX_PLAIN_DIGITS = 9;

export class IntegerList {
  readonly #parts: Int32Array[] = [];
  #part = new Int32Array(0);
  #count = 0;
  readonly #token = new Uint8Array(MAX_TOKEN_BYTES);
  /** Bytes of the current number; beyond {@link MAX_TOKEN_BYTES}: too long. */
  #length = 0;

  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (isSpace(byte)) this.#endToken();
      else if (this.#length < MAX_TOKEN_BYTES) this.#token[this.#length++] = byte;
      else this.#length = MAX_TOKEN_BYTES + 1;
    }
  }

  /** Returns the samples, in consecutive parts. */
  end(): Int32Array[] {
    this.#endToken();
    if (this.#count > 0) this.#parts.push(this.#part.slice(0, this.#count));
    this.#count = 0;
    return this.#parts;
  }

  #endToken(): void {
    if (this.#length === 0) return;
    if (this.#count === this.#part.length) {
      if (this.#count > 0) this.#parts.push(this.#part);
      this.#part = new Int32Array(PART_SAMPLES);
      this.#count = 0;
    }
    const value = Math.round(this.#value());
    this.#part[this.#count++] = Math.abs(value) <= MAX_SAMPLE ? value : MISSING_VALUE;
    this.#length = 0;
  }

  #value(): number {
    if (this.#length > MAX_TOKEN_BYTES) return Number.NaN;
    const isNegative = this.#token[0] === 0x2d;
    const first = isNegative ? 1 : 0;
    if (this.#length === first || this.#length - first > MAX_PLAIN_DIGITS) return this.#decimal();
    let value = 0;
    for (let at = first; at < this.#length; at++) {
      const digit = this.#token[at] - 0x30;
      if (digit < 0 || digit > 9) return this.#decimal();
      value = 10 * value + digit;
    }
    return isNegative ? -value : value;
  }

  #decimal(): number {
    return decimalOf(String.fromCharCode(...this.#token.subarray(0, this.#length))) ?? Number.NaN;
  }
}

/** Returns whether a byte is one of XML's spaces, or of a no-break space in Windows-1252 or UTF-8. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === 0xa0 || byte === 0xc2;
}
