/**
 * R-peak detection with noise in one of two leads, on DS1 of MIT-BIH: the settings of the leads' weights were chosen by it.
 *
 *     ECTOPY_MITDB=path/to/mitdb node bench/detector-noise.ts
 *
 * Triangular artefacts, 80 to 240 ms wide and up to 1.4 times as high as the lead's range, are added for 25 s of each minute
 * to one lead: three a second on average, by a fixed seed. Prints missed and false beats of all 22 recordings from 0:00, with
 * both leads clean, with the second or the first one disturbed, and of the clean lead alone.
 */
import { DiskFolder } from "../src/main/workers/disk-folder.ts";
import { loadRecord } from "../src/main/workers/record-files.ts";
import type { Annotation } from "../src/contract/domain/recordings.ts";
import { NO_PARTNER } from "../src/contract/domain/ec57.ts";
import { detectRPeaks } from "../src/pipeline/detection/r-peak-detector.ts";
import { compareAnnotators } from "../src/pipeline/evaluation/ec57/compare-annotators.ts";
import { randomStream } from "../src/pipeline/random.ts";
import { parseRecord } from "../src/pipeline/recordings/wfdb/record.ts";

const DS1 = "101 106 108 109 112 114 115 116 118 119 122 124 201 203 205 207 208 209 215 220 223 230".split(" ");
const folder = process.env["ECTOPY_MITDB"];
if (folder === undefined) throw new Error("Set ECTOPY_MITDB to the folder of the MIT-BIH database.");

const sums = new Map<string, [missed: number, extra: number]>();
for (const record of DS1) {
  const { recording, annotations } = parseRecord(loadRecord(new DiskFolder(folder), record));
  const { rate, length } = recording;
  const [first, second] = recording.signals.map(({ samples, gain, baseline }) =>
    Float32Array.from(samples, (sample) => (sample - baseline) / gain),
  );
  for (const [name, leads] of [
    ["both leads clean", [first, second]],
    ["second lead disturbed", [first, disturbed(second, rate, `${record} 2`)]],
    ["first lead alone", [first]],
    ["first lead disturbed", [disturbed(first, rate, `${record} 1`), second]],
    ["second lead alone", [second]],
  ] as const) {
    const test = detectRPeaks(leads, rate).beats.map((sample): Annotation => {
      return { sample, symbol: "N", subtype: 0, channel: 0, num: 0, aux: "" };
    });
    const reference = annotations ?? [];
    const { matrix } = compareAnnotators({ record, rate, length, reference, test, from: 0, convention: "ec57" }).counts;
    const total = (counts: readonly number[][]): number => counts.flat().reduce((a, b) => a + b, 0);
    const [missed, extra] = sums.get(name) ?? [0, 0];
    sums.set(name, [
      missed + total(matrix.slice(0, NO_PARTNER).map((row) => row.slice(NO_PARTNER))),
      extra + total(matrix.slice(NO_PARTNER)),
    ]);
  }
}
for (const [name, [missed, extra]] of sums) console.log(`${name}: ${missed} missed, ${extra} false`);

function disturbed(clean: Float32Array, rate: number, name: string): Float32Array {
  const random = randomStream(42, name);
  const sorted = clean.filter((_, i) => i % 37 === 0).sort();
  const range = sorted[Math.floor(0.99 * sorted.length)] - sorted[Math.floor(0.01 * sorted.length)];
  const lead = clean.slice();
  for (let minute = 0; minute < lead.length; minute += 60 * rate) {
    const from = minute + Math.floor(30 * random.uniform() * rate);
    const to = Math.min(lead.length, from + 25 * rate);
    for (let at = from; at < to; at += Math.floor((-Math.log(1 - random.uniform()) * rate) / 3)) {
      const half = Math.floor((0.04 + 0.08 * random.uniform()) * rate);
      const height = range * (0.2 + 1.2 * random.uniform()) * (random.uniform() < 0.5 ? -1 : 1);
      for (let k = -half; k <= half; k++) {
        if (at + k >= 0 && at + k < lead.length) lead[at + k] += height * (1 - Math.abs(k) / half);
      }
    }
  }
  return lead;
}
