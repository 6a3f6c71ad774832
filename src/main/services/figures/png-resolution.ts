/** Writes the resolution into a PNG: its `pHYs` chunk (PNG specification, third edition, 11.3.4.3). */
import { crc32 } from "node:zlib";

/** Signature and IHDR, which comes first; `pHYs` may follow it at once. */
const AFTER_HEADER = 8 + 4 + 4 + 13 + 4;
const INCHES_PER_METRE = 1 / 0.0254;

/** @param png without a `pHYs` chunk */
export function withResolution(png: Buffer, dpi: number): Buffer {
  const chunk = Buffer.alloc(4 + 4 + 9 + 4);
  const dots = Math.round(dpi * INCHES_PER_METRE);
  chunk.writeUInt32BE(9, 0);
  chunk.write("pHYs", 4, "latin1");
  chunk.writeUInt32BE(dots, 8);
  chunk.writeUInt32BE(dots, 12);
  // The unit is the metre.
  chunk.writeUInt8(1, 16);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 17)), 17);
  return Buffer.concat([png.subarray(0, AFTER_HEADER), chunk, png.subarray(AFTER_HEADER)]);
}
