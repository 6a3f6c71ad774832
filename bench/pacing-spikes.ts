/**
 * Pacing spikes marked by the detector on MIT-BIH.
 *
 *     ECTOPY_MITDB=path/to/mitdb node bench/pacing-spikes.ts
 *
 * Prints, for recordings with paced beats (`/`), the share that has a mark within 100 ms before or 50 ms after its annotation,
 * and for all recordings the marks that are not within 100 ms of a paced or a paced fusion beat (`f`), by hour.
 */
import { readdirSync } from "node:fs";
import { DiskFolder } from "../src/main/workers/disk-folder.ts";
import { loadRecord } from "../src/main/workers/record-files.ts";
import { detectRPeaks } from "../src/pipeline/detection/r-peak-detector.ts";
import { parseRecord } from "../src/pipeline/recordings/wfdb/record.ts";

const BEFORE_S = 0.1;
const AFTER_S = 0.05;
const folder = process.env["ECTOPY_MITDB"];
if (folder === undefined) throw new Error("Set ECTOPY_MITDB to the folder of the MIT-BIH database.");
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".hea"))
  .map((file) => file.replace(/\.hea$/, ""))
  .sort();

const others: { name: string; marks: number; hours: number }[] = [];
for (const name of names) {
  const { recording, annotations } = parseRecord(loadRecord(new DiskFolder(folder), name));
  const { rate, length } = recording;
  const { spikes } = detectRPeaks(
    recording.signals.map(({ samples, gain, baseline }) => Float32Array.from(samples, (s) => (s - baseline) / gain)),
    rate,
  );
  const samplesOf = (symbols: string): number[] =>
    (annotations ?? []).filter(({ symbol }) => symbols.includes(symbol)).map(({ sample }) => sample);
  const paced = samplesOf("/");
  const pacedOrFusion = samplesOf("/f");
  const extra = spikes.filter((spike) => !pacedOrFusion.some((beat) => Math.abs(spike - beat) < BEFORE_S * rate));
  const hours = length / rate / 3600;
  if (paced.length === 0) others.push({ name, marks: extra.length, hours });
  else {
    const marked = paced.filter((beat) =>
      spikes.some((spike) => spike > beat - BEFORE_S * rate && spike < beat + AFTER_S * rate),
    );
    const share = ((100 * marked.length) / paced.length).toFixed(1);
    console.log(
      `${name}: ${marked.length} of ${paced.length} paced beats marked (${share} %), ${extra.length} other marks`,
    );
  }
}
const sum = (of: (each: (typeof others)[number]) => number): number =>
  others.reduce((total, each) => total + of(each), 0);
const marks = sum((each) => each.marks);
console.log(
  `${others.length} other recordings: ${marks} marks, ${(marks / sum(({ hours }) => hours)).toFixed(1)} per hour`,
);
const most = others.sort((a, b) => b.marks - a.marks).slice(0, 8);
console.log(`Most: ${most.map(({ name, marks: count }) => `${name} ${count}`).join(", ")}`);
