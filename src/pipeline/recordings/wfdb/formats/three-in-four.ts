/** Formats that pack three 10-bit samples into four bytes. */
import type { SignalFormat } from "./format.ts";

interface Packing {
  /** Bytes that a last group of two samples needs. */
  twoSamples: 3 | 4;
  /** Returns sample `i` of a word in its lowest 10 bits; higher bits may have anything. */
  unpack: (word: number, i: number) => number;
  /** Returns the word of three samples of 10 bits. */
  pack: (first: number, second: number, third: number) => number;
}

/** Returns the format of a packing. A last group of one sample has two bytes; one of two samples may be padded to four. */
export function threeInFour(code: number, { twoSamples, unpack, pack }: Packing): SignalFormat {
  return {
    code,
    highest: 511,
    missing: -512,
    packed: 3,
    bytesFor: (samples) => 4 * Math.floor(samples / 3) + [0, 2, twoSamples][samples % 3],
    samplesIn: (bytes) => 3 * Math.floor(bytes / 4) + [0, 0, 1, twoSamples === 3 ? 2 : 1][bytes % 4],

    decode(bytes, offset, count, into) {
      for (let i = 0, at = offset; i < count; i += 3, at += 4) {
        const word = bytes[at] | (bytes[at + 1] << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
        const samples = Math.min(3, count - i);
        // Shifting to the sign bit of 32 bits and back extends the sign of 10 bits.
        for (let k = 0; k < samples; k++) into[i + k] = (unpack(word, k) << 22) >> 22;
      }
    },

    encode(samples) {
      const bytes = new Uint8Array(this.bytesFor(samples.length));
      for (let i = 0, at = 0; i < samples.length; i += 3, at += 4) {
        const [first, second, third] = [samples[i], samples[i + 1] ?? 0, samples[i + 2] ?? 0].map((one) => one & 0x3ff);
        const word = pack(first, second, third);
        for (let byte = 0; byte < 4 && at + byte < bytes.length; byte++) bytes[at + byte] = word >>> (8 * byte);
      }
      return bytes;
    },
  };
}
