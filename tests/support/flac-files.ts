/** FLAC streams made by tests/golden/make-flac.py with libsndfile. */
import { readFileSync } from "node:fs";

export interface GoldenFlac {
  name: string;
  /** The stream, in base64. */
  flac: string;
  /** First samples, and sum of all, of each channel. */
  first: number[][];
  sums: number[];
}

export const goldenFlac = JSON.parse(
  readFileSync(new URL("../golden/flac.json", import.meta.url), "utf8"),
) as readonly GoldenFlac[];

export function bytesOf({ flac }: GoldenFlac): Uint8Array {
  return new Uint8Array(Buffer.from(flac, "base64"));
}

export function flacStreams(): Uint8Array[] {
  return goldenFlac.map(bytesOf);
}
