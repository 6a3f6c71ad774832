/**
 * Prints a line for each WFDB record of a folder: its name, 16 digits of the SHA-256 of its signal file, and the hash of
 * each lead. `node scripts/hash-records.ts FOLDER` made src/pipeline/recordings/identity/mitdb-hashes.ts.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DiskFolder } from "../src/main/workers/disk-folder.ts";
import { loadRecord } from "../src/main/workers/record-files.ts";
import { MISSING_SAMPLE } from "../src/contract/domain/recordings.ts";
import { SampleHash } from "../src/pipeline/recordings/identity/sample-hash.ts";
import { parseRecord } from "../src/pipeline/recordings/wfdb/record.ts";

const [folder = "."] = process.argv.slice(2);
for (const file of readdirSync(folder).sort()) {
  if (!file.endsWith(".hea")) continue;
  const name = file.slice(0, -".hea".length);
  const { recording } = parseRecord(loadRecord(new DiskFolder(folder), name));
  const hashes = recording.signals.map(({ samples }) => {
    const hash = new SampleHash(MISSING_SAMPLE);
    hash.add(samples);
    return hash.result();
  });
  const sha256 = createHash("sha256")
    .update(readFileSync(join(folder, `${name}.dat`)))
    .digest("hex");
  console.log([name, sha256.slice(0, 16), ...hashes].join(" "));
}
