/** A recording whose leads are hashed while its samples are read. */
import { MISSING_VALUE, type RecordingSource, type SampleBlock } from "../source.ts";
import { SampleHash } from "./sample-hash.ts";

export interface HashedSource {
  source: RecordingSource;
  /** Returns the hash of each lead, once all blocks have been read. */
  hashes: () => (string | null)[];
}

export function hashed(source: RecordingSource): HashedSource {
  let hashes: SampleHash[] = [];
  return {
    source: {
      ...source,
      get findings() {
        return source.findings;
      },
      *blocks(): Iterable<SampleBlock> {
        hashes = source.signals.map(() => new SampleHash(MISSING_VALUE));
        for (const block of source.blocks()) {
          for (const [i, hash] of hashes.entries()) hash.add(block.samples[i]);
          yield block;
        }
      },
    },
    hashes: () => hashes.map((hash) => hash.result()),
  };
}
