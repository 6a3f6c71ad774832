/**
 * A WFDB signal format: converts bytes to the samples of a signal file, in file order, and back.
 *
 * Source: WFDB Applications Guide, signal(5).
 */
export interface SignalFormat {
  /** Number in a header. */
  code: number;
  /** Highest sample value. */
  highest: number;
  /** Lowest value, which marks a missing sample. */
  missing: number;
  /** Number of samples packed together; decoding may start at any multiple of it. */
  packed: number;
  /** Samples are differences from the previous sample of the same signal; {@link missing} then marks nothing. */
  differences?: true;
  /** Returns the bytes of a number of samples. */
  bytesFor(samples: number): number;
  /** Returns the complete samples in a number of bytes. */
  samplesIn(bytes: number): number;
  /**
   * Writes `count` samples from byte `offset` on to the start of `into`, missing ones as stored. The caller ensures
   * that the bytes exist.
   */
  decode(bytes: Uint8Array, offset: number, count: number, into: Int32Array): void;
  /** Encodes samples between {@link missing} and {@link highest}. */
  encode(samples: Int32Array): Uint8Array;
}
