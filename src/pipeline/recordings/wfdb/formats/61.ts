/** Format 61: 16-bit two's complement samples, high byte first (signal(5)). */
import { wholeBytes } from "./whole-bytes.ts";

export const format61 = wholeBytes({ code: 61, bytes: 2, highFirst: true });
