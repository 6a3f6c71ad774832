/** The fingerprint of a dataset: the same for the same files, wherever they came from. */
import type { StoredFile } from "../../store/manifest.ts";
import { sha256 } from "../../store/manifest.ts";

/** Returns the SHA-256, in hexadecimal, over the names and hashes of a dataset's files, in order of name. */
export function datasetFingerprint(files: readonly StoredFile[]): string {
  const lines = new Set(files.map(({ name, sha256: hash }) => `${name} ${hash}\n`));
  return sha256([...lines].sort().join(""));
}
