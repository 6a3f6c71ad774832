/**
 * Format 310: three 10-bit two's complement samples in four bytes.
 *
 * signal(5): two 16-bit words, low byte first. The first sample has bits 1 to 10 of the first word, the second sample
 * those of the second word. The third sample has its low 5 bits in bits 11 to 15 of the first word, and its high 5 bits
 * in bits 11 to 15 of the second word.
 */
import { threeInFour } from "./three-in-four.ts";

export const format310 = threeInFour(310, {
  twoSamples: 4,
  unpack: (word, i) =>
    i === 0 ? word >>> 1 : i === 1 ? word >>> 17 : ((word >>> 11) & 0x1f) | (((word >>> 27) & 0x1f) << 5),
  pack: (first, second, third) =>
    (first << 1) | ((third & 0x1f) << 11) | (second << 17) | (((third >> 5) & 0x1f) << 27),
});
