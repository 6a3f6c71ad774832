/** Format 80: 8-bit samples in offset binary; 128 is subtracted from each (signal(5)). */
import { wholeBytes } from "./whole-bytes.ts";

export const format80 = wholeBytes({ code: 80, bytes: 1, offset: 128 });
