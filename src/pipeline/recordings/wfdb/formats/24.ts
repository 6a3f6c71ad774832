/** Format 24: 24-bit two's complement samples, lowest byte first (signal(5)). */
import { wholeBytes } from "./whole-bytes.ts";

export const format24 = wholeBytes({ code: 24, bytes: 3 });
