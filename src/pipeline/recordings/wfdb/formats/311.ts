/**
 * Format 311: three 10-bit two's complement samples in a 32-bit word, lowest byte first.
 *
 * signal(5): the first sample has bits 0 to 9, the second one bits 10 to 19, the third one bits 20 to 29.
 */
import { threeInFour } from "./three-in-four.ts";

export const format311 = threeInFour(311, {
  twoSamples: 3,
  unpack: (word, i) => word >>> (10 * i),
  pack: (first, second, third) => first | (second << 10) | (third << 20),
});
