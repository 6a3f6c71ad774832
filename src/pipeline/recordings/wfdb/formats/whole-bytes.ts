/** Formats whose samples have whole bytes: two's complement or offset binary, in either order of the bytes. */
import type { SignalFormat } from "./format.ts";

interface WholeBytes {
  code: number;
  bytes: 1 | 2 | 3 | 4;
  /** Value of 0 in the file; offset binary formats add it. */
  offset?: number;
  /** High byte first. */
  highFirst?: true;
}

/** Returns the format of samples with whole bytes. */
export function wholeBytes({ code, bytes: size, offset = 0, highFirst }: WholeBytes): SignalFormat {
  const span = 2 ** (8 * size - 1);
  /** Moves the sign to the highest of 32 bits. */
  const shift = 32 - 8 * size;
  const place = Array.from({ length: size }, (_, byte) => (highFirst ? size - 1 - byte : byte));
  return {
    code,
    highest: span - 1,
    missing: -span,
    packed: 1,
    bytesFor: (samples) => size * samples,
    samplesIn: (bytes) => Math.floor(bytes / size),

    decode(bytes, from, count, into) {
      // Byte by byte, because the bytes may be unaligned, and the machine may be big-endian.
      for (let i = 0, at = from; i < count; i++, at += size) {
        let value = 0;
        for (let byte = 0; byte < size; byte++) value |= bytes[at + place[byte]] << (8 * byte);
        into[i] = offset === 0 ? (value << shift) >> shift : value - offset;
      }
    },

    encode(samples) {
      const bytes = new Uint8Array(size * samples.length);
      for (let i = 0, at = 0; i < samples.length; i++, at += size) {
        const value = samples[i] + offset;
        for (let byte = 0; byte < size; byte++) bytes[at + place[byte]] = (value >> (8 * byte)) & 0xff;
      }
      return bytes;
    },
  };
}
