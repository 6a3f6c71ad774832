/** Writes a new file and takes its size and hash. */
import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import type { StoredFile } from "../store/manifest.ts";

/**
 * Writes pieces to a file that does not exist yet.
 * @param name name of the file in the dataset
 */
export function writeFile(path: string, name: string, pieces: Iterable<Uint8Array>): StoredFile {
  const hash = createHash("sha256");
  let bytes = 0;
  const descriptor = openSync(path, "wx");
  try {
    for (const piece of pieces) {
      for (let written = 0; written < piece.length;) written += writeSync(descriptor, piece, written);
      hash.update(piece);
      bytes += piece.length;
    }
  } finally {
    closeSync(descriptor);
  }
  return { name, bytes, sha256: hash.digest("hex") };
}
