/** Identity of a preparation's test set: equal for preparations whose networks are tested on the same beats. */
import { createHash } from "node:crypto";
import type { BeatTable } from "../../pipeline/beats/beat-table.ts";
import type { Examples } from "../../pipeline/beats/protocols.ts";

/**
 * Returns the SHA-256 over recording, R-peak and class of each test beat, in hexadecimal, whatever their order; undefined if a test
 * beat is synthetic, because then its samples depend on the filter and on SMOTE's random numbers.
 */
export function testSetHash(
  table: Pick<BeatTable, "records" | "labels" | "record" | "sample" | "classes">,
  { sets, realCount }: Pick<Examples, "sets" | "realCount">,
): string | undefined {
  const beats: string[] = [];
  for (const beat of sets.test) {
    if (beat >= realCount) return undefined;
    // No name of a WFDB record contains a line break (header(5)).
    beats.push(`${table.records[table.record[beat]]}\n${table.sample[beat]}\n${table.labels[table.classes[beat]]}`);
  }
  return createHash("sha256").update(JSON.stringify(table.labels)).update(beats.sort().join("\n\n")).digest("hex");
}
