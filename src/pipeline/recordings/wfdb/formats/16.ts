/** Format 16: 16-bit two's complement samples, low byte first (signal(5)). */
import type { SignalFormat } from "./format.ts";

export const format16: SignalFormat = {
  code: 16,
  highest: 32767,
  missing: -32768,
  packed: 1,
  bytesFor: (samples) => 2 * samples,
  samplesIn: (bytes) => Math.floor(bytes / 2),

  decode(bytes, offset, count, into) {
    // Byte by byte, because the bytes may be unaligned, and the machine may be big-endian.
    for (let i = 0, at = offset; i < count; i++, at += 2) into[i] = ((bytes[at] | (bytes[at + 1] << 8)) << 16) >> 16;
  },

  encode(samples) {
    const bytes = new Uint8Array(2 * samples.length);
    for (let i = 0; i < samples.length; i++) {
      bytes[2 * i] = samples[i] & 0xff;
      bytes[2 * i + 1] = (samples[i] >> 8) & 0xff;
    }
    return bytes;
  },
};
