/** Format 160: 16-bit samples in offset binary, low byte first; 32,768 is subtracted from each (signal(5)). */
import { wholeBytes } from "./whole-bytes.ts";

export const format160 = wholeBytes({ code: 160, bytes: 2, offset: 32768 });
