/** Format 32: 32-bit two's complement samples, lowest byte first (signal(5)). */
import { wholeBytes } from "./whole-bytes.ts";

export const format32 = wholeBytes({ code: 32, bytes: 4 });
