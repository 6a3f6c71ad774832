/**
 * Format 212: two 12-bit two's complement samples in three bytes.
 *
 * signal(5): byte 0 has the low 8 bits of the first sample; byte 1 has its high 4 bits in the low nibble, and the high
 * 4 bits of the second sample in the high nibble; byte 2 has the low 8 bits of the second sample. An unpaired last
 * sample has two bytes.
 */
import type { SignalFormat } from "./format.ts";

export const format212: SignalFormat = {
  code: 212,
  highest: 2047,
  missing: -2048,
  packed: 2,
  bytesFor: (samples) => Math.ceil(samples * 1.5),
  samplesIn: (bytes) => Math.floor((bytes * 2) / 3),

  decode(bytes, offset, count, into) {
    const pairs = count >> 1;
    let at = offset;
    for (let i = 0; i < 2 * pairs; i += 2, at += 3) {
      const middle = bytes[at + 1];
      // Shifting to the sign bit of 32 bits and back extends the sign of 12 bits.
      into[i] = ((middle << 28) >> 20) | bytes[at];
      into[i + 1] = (((middle & 0xf0) << 24) >> 20) | bytes[at + 2];
    }
    if (count & 1) into[count - 1] = ((bytes[at + 1] << 28) >> 20) | bytes[at];
  },

  encode(samples) {
    const bytes = new Uint8Array(format212.bytesFor(samples.length));
    for (let i = 0, at = 0; i < samples.length; i += 2, at += 3) {
      const first = samples[i];
      const second = samples[i + 1] ?? 0;
      bytes[at] = first & 0xff;
      bytes[at + 1] = ((first >> 8) & 0x0f) | ((second >> 4) & 0xf0);
      if (i + 1 < samples.length) bytes[at + 2] = second & 0xff;
    }
    return bytes;
  },
};
