/** Recognises recordings of public databases by their data: names such as `100` are given to other recordings, too. */
import { MITDB_HASHES } from "./mitdb-hashes.ts";

/** Digits of a SHA-256 that identify a file. */
const FILE_DIGITS = 16;

const byFile = new Map<string, string>();
const byLead = new Map<string, string>();
for (const line of MITDB_HASHES.trim().split("\n")) {
  const [name, file, ...leads] = line.split(" ");
  const known = `mitdb/${name}`;
  byFile.set(file, known);
  for (const lead of leads) byLead.set(lead, known);
}

/**
 * Returns the public recording that a recording is, such as `mitdb/100`; null if it is none that Ectopy knows.
 * @param data hashes of its leads (`SampleHash`), and the SHA-256 of its signal files; one that is known suffices
 */
export function knownRecord({
  hashes = [],
  files = [],
}: {
  hashes?: readonly (string | null)[];
  files?: readonly string[];
}): string | null {
  const leads = hashes.map((hash) => byLead.get(hash ?? ""));
  const signals = files.map((sha256) => byFile.get(sha256.slice(0, FILE_DIGITS)));
  return [...leads, ...signals].find((known) => known !== undefined) ?? null;
}
