/**
 * Format 8: 8-bit first differences of each signal (signal(5)).
 *
 * Sample n is the sum of the first n differences and of the initial value in the header. The reader of the signals adds
 * them up, because the differences of several signals are interleaved.
 */
import type { SignalFormat } from "./format.ts";
import { wholeBytes } from "./whole-bytes.ts";

export const format8: SignalFormat = { ...wholeBytes({ code: 8, bytes: 1 }), differences: true };
