/** Makes long recordings for benches. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Annotation } from "../src/contract/domain/recordings.ts";
import { randomStream } from "../src/pipeline/random.ts";
import { writeAnnotations } from "../src/pipeline/recordings/wfdb/annotations.ts";

/** In Hz. */
export const RATE = 128;
export const DAY_SECONDS = 86_400;

/** Writes the record `day`: three leads, 100,000 annotations. */
export function writeDay(into: string): void {
  writeRecord(into, "day", { leads: 3, seconds: DAY_SECONDS, beats: 100_000 });
}

/** Writes a WFDB record in format 16: noise that differs between records, and beats at equal intervals. */
export function writeRecord(
  into: string,
  name: string,
  { leads, seconds, beats }: { leads: number; seconds: number; beats: number },
): void {
  const frames = seconds * RATE;
  const random = randomStream(1, "bench recordings", name);
  const noise = Int16Array.from({ length: 60 * RATE * leads }, () => Math.round(100 * random.normal()));
  const samples = new Int16Array(frames * leads);
  for (let at = 0; at < samples.length; at += noise.length) {
    samples.set(noise.subarray(0, Math.min(noise.length, samples.length - at)), at);
  }
  const lines = Array.from({ length: leads }, (_, lead) => `${name}.dat 16 200(0)/mV 16 0 0 0 0 V${lead + 1}`);
  writeFileSync(join(into, `${name}.dat`), samples);
  writeFileSync(join(into, `${name}.hea`), [`${name} ${leads} ${RATE} ${frames}`, ...lines, ""].join("\n"));
  const annotation = { symbol: "N", subtype: 0, channel: 0, num: 0, aux: "" };
  const annotations = Array.from({ length: beats }, (_, i): Annotation => {
    return { ...annotation, sample: Math.floor(((i + 0.5) * frames) / beats) };
  });
  writeFileSync(join(into, `${name}.atr`), writeAnnotations(annotations));
}
