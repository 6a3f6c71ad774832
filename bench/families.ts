/**
 * Families of a review: how well they part the classes of MIT-BIH's DS1, and the time for a day of 100,000 beats.
 *
 *     ECTOPY_MITDB=FOLDER node bench/families.ts
 *
 * A class is found where most beats of the family have it. The day repeats the beats of recording 203, which has more shapes
 * than most. Times are of the processor: other programs don't count.
 */
import { loadavg } from "node:os";
import { packFamilies } from "../src/contract/domain/beat-families.ts";
import type { Recording } from "../src/contract/domain/recordings.ts";
import { DS1 } from "../src/pipeline/beats/mitbih.ts";
import { parseRecord } from "../src/pipeline/recordings/wfdb/record.ts";
import { isEditedAsBeat } from "../src/pipeline/review/edit-labels.ts";
import { DiskFolder } from "../src/main/workers/disk-folder.ts";
import { findFamilies, groupByShape } from "../src/main/workers/group-by-shape.ts";
import { loadRecord } from "../src/main/workers/record-files.ts";

const DAY_BEATS = 100_000;
const folder = process.env["ECTOPY_MITDB"];
if (folder === undefined) throw new Error("Set ECTOPY_MITDB to the folder of the MIT-BIH database.");

interface Beats {
  recording: Recording;
  samples: Int32Array;
  symbols: string[];
}

function read(name: string): Beats {
  const { recording, annotations } = parseRecord(loadRecord(new DiskFolder(folder!), name));
  const beats = (annotations ?? []).filter(({ symbol }) => isEditedAsBeat(symbol));
  return {
    recording,
    samples: Int32Array.from(beats, ({ sample }) => sample),
    symbols: beats.map(({ symbol }) => symbol),
  };
}

const found = new Map<string, { beats: number; most: number }>();
let [fewest, most] = [Infinity, 0];
for (const name of DS1) {
  const { recording, samples, symbols } = read(name);
  const { families } = groupByShape(
    { beats: samples, given: packFamilies([]) },
    recording,
    findFamilies(samples, recording),
  );
  const counts = new Map<number, Map<string, number>>();
  for (const [i, family] of families.entries()) {
    const bySymbol = counts.get(family) ?? new Map<string, number>();
    counts.set(family, bySymbol.set(symbols[i], (bySymbol.get(symbols[i]) ?? 0) + 1));
  }
  [fewest, most] = [Math.min(fewest, counts.size), Math.max(most, counts.size)];
  for (const bySymbol of counts.values()) {
    const ranked = [...bySymbol].sort((a, b) => b[1] - a[1]);
    for (const [i, [symbol, beats]] of ranked.entries()) {
      const sum = found.get(symbol) ?? { beats: 0, most: 0 };
      found.set(symbol, { beats: sum.beats + beats, most: sum.most + (i === 0 ? beats : 0) });
    }
  }
}
console.log(`DS1: ${fewest} to ${most} families for each recording`);
for (const [symbol, { beats, most: right }] of [...found].sort((a, b) => b[1].beats - a[1].beats)) {
  console.log(
    `${symbol} ${String(beats).padStart(6)} beats, ${((100 * right) / beats).toFixed(1)} % in families of ${symbol}`,
  );
}

const { recording, samples } = read("203");
const day = Int32Array.from({ length: DAY_BEATS }, (_, i) => samples[i % samples.length]);
const began = process.cpuUsage();
const families = findFamilies(day, recording);
const grouped = groupByShape({ beats: day, given: packFamilies([]) }, recording, families);
const { user, system } = process.cpuUsage(began);
console.log(
  `${DAY_BEATS} beats in ${families.names.length} families: ${((user + system) / 1e6).toFixed(1)} s of the processor, ` +
    `${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB; load ${loadavg()[0].toFixed(1)}`,
);
if (grouped.samples.length !== DAY_BEATS) throw new Error("Beats are missing.");
