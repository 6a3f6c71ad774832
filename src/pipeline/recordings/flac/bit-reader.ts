/** Reads numbers of any width from bytes, the highest bit first. */

/** Thrown where the bytes end before a number; the caller knows which file it is. */
export class OutOfBitsError extends Error {
  override readonly name = "OutOfBitsError";
}

export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  /** Position of the next bit. */
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#end = 8 * bytes.length;
  }

  /** Position of the next byte, after the rest of a begun one. */
  get nextByte(): number {
    return (this.#at + 7) >> 3;
  }

  skipToByte(): void {
    this.#at = 8 * this.nextByte;
  }

  /** Reads an unsigned number. @param width 0 to 32 */
  unsigned(width: number): number {
    if (width > 24) return this.unsigned(width - 16) * 65536 + this.unsigned(16);
    if (width === 0) return 0;
    if (this.#at + width > this.#end) throw new OutOfBitsError();
    const value = (this.#word() << (this.#at & 7)) >>> (32 - width);
    this.#at += width;
    return value;
  }

  /** Reads a number in two's complement. @param width 0 to 32 */
  signed(width: number): number {
    const value = this.unsigned(width);
    return width > 0 && value >= 2 ** (width - 1) ? value - 2 ** width : value;
  }

  /** Counts the zeros before the next one, and reads both. */
  unary(): number {
    let zeros = 0;
    for (;;) {
      // The lowest 7 bits may belong to the next word.
      const left = (this.#word() << (this.#at & 7)) & ~0x7f;
      if (left !== 0) {
        const run = Math.clz32(left);
        this.#at += run + 1;
        if (this.#at > this.#end) throw new OutOfBitsError();
        return zeros + run;
      }
      zeros += 25;
      this.#at += 25;
      if (this.#at > this.#end) throw new OutOfBitsError();
    }
  }

  /** Returns the 32 bits from the current byte on; zeros beyond the end. */
  #word(): number {
    const bytes = this.#bytes;
    const at = this.#at >> 3;
    return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
}
