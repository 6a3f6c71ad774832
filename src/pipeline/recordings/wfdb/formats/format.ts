/**
 * What a WFDB signal format does: bytes to the samples of a signal file, in file order, and back.
 *
 * Source: WFDB Applications Guide, signal(5). Formats of up to 16 bits in which each sample stands for itself.
 */
export interface SignalFormat {
  /** Its number in a header. */
  code: number;
  /** Highest and lowest sample. The lowest marks a missing one. */
  highest: number;
  missing: number;
  /** Samples packed together: decoding may start at any multiple of this. */
  packed: number;
  /** Bytes that hold so many samples. */
  bytesFor(samples: number): number;
  /** Whole samples in so many bytes. */
  samplesIn(bytes: number): number;
  /**
   * Writes the first `count` samples found from `offset` on to the start of `into`, missing ones as they are stored.
   * The caller has made sure that the bytes are there.
   */
  decode(bytes: Uint8Array, offset: number, count: number, into: Int16Array): void;
  /** Bytes of these samples; each lies between {@link missing} and {@link highest}. */
  encode(samples: Int16Array): Uint8Array;
}
