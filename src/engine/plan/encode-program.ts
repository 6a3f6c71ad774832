/** Encodes a program for the backends that read it as numbers (native/program.cpp). */
import { kernels } from "./kernels.ts";
import { ALIGNMENT_FLOATS, type Program, type Region } from "./plan.ts";

/** Changes with the format. */
const VERSION = 1;
/** In the order of the codes. */
const REGIONS: readonly Region[] = ["state", "feed", "scratch"];

/**
 * Returns the words of a program: version, number of buffers, number of calls, size of the feed in cache lines; of each
 * buffer its region, its position in cache lines, and its floats; of each call its kernel's code, its buffers (−1:
 * missing), its integers, and its reals as bits of float32.
 */
export function encodeProgram({ buffers, calls, feedFloats }: Program): Int32Array<ArrayBuffer> {
  const bits = new Int32Array(1);
  const real = new Float32Array(bits.buffer);
  const words = [VERSION, buffers.length, calls.length, feedFloats / ALIGNMENT_FLOATS];
  for (const { region, offset, floats } of buffers) {
    words.push(REGIONS.indexOf(region), offset / ALIGNMENT_FLOATS, floats);
  }
  for (const call of calls) {
    words.push(kernels[call.kernel].code, ...call.buffers, ...call.integers);
    for (const value of call.reals) {
      real[0] = value;
      words.push(bits[0]);
    }
  }
  return Int32Array.from(words);
}
