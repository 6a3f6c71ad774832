/**
 * Peak memory of each reader of recordings, in a separate process for each format: its own heap, its files and what it
 * decodes. The limit is four times the size of the samples, and 64 MB; the exit status is 1 beyond it (Linux alone).
 *
 *     node bench/reader-memory.ts              all formats
 *     node bench/reader-memory.ts edf mat5     two of them
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiskFolder } from "../src/main/workers/disk-folder.ts";
import { groupFiles } from "../src/main/workers/find-recordings.ts";
import { openRecording } from "../src/main/workers/open-recording.ts";
import { readBeatRows } from "../src/pipeline/recordings/delimited/beat-rows.ts";
import { writeEdf } from "../src/pipeline/recordings/edf/write-edf.ts";
import { signalFormats } from "../src/pipeline/recordings/wfdb/formats/index.ts";
import { makeAecg } from "../tests/support/aecg-files.ts";
import { int16Bytes, makeIshne } from "../tests/support/ishne-files.ts";
import { makeMat4, makeMat5, type MatVariable } from "../tests/support/mat-files.ts";
import { makeSource } from "../tests/support/sources.ts";

/** Samples of each of two leads: nearly three hours at 250 Hz. */
const LENGTH = 2_500_000;
const LEADS = 2;
/** Bytes of a decoded sample: readers give blocks of 32-bit ones. */
const SAMPLE_BYTES = 4;
const MAX_RATIO = 4;
const FREE_BYTES = 64e6;

type Writer = (path: (name: string) => string) => void;

const lead = (number: number): Int32Array =>
  Int32Array.from({ length: LENGTH }, (_, i) => Math.round(900 * Math.sin(i / (30 + number)) + ((i * 7919) % 23)));

function interleaved(): Int32Array {
  const leads = Array.from({ length: LEADS }, (_, number) => lead(number));
  return Int32Array.from({ length: LEADS * LENGTH }, (_, i) => leads[i % LEADS][Math.floor(i / LEADS)]);
}

/** Writes the samples in a WFDB format; those with fewer bits have their low ones. */
function writeWfdb(code: number): Writer {
  return (path) => {
    const format = signalFormats.find((each) => each.code === code)!;
    const samples = interleaved().map((sample) => sample % (format.highest + 1));
    const line = `r.dat ${code} 200 16 0 0 0 0`;
    writeFileSync(path("r.dat"), format.encode(samples));
    writeFileSync(path("r.hea"), `r ${LEADS} 250 ${LENGTH}\n${line} II\n${line} V1\n`);
  };
}

const matVariable = (): MatVariable => {
  const numbers = Array.from(interleaved());
  return { name: "val", rows: LEADS, columns: LENGTH, kind: "int16", numbers };
};
const rate: MatVariable = { name: "Fs", rows: 1, columns: 1, kind: "float64", numbers: [250] };
const matHeader = `r ${LEADS} 250 ${LENGTH}\n${["II", "V1"].map((name) => `r.mat 16+24 200/mV 16 0 0 0 0 ${name}\n`).join("")}`;

const writers: Readonly<Record<string, Writer>> = {
  ...Object.fromEntries([8, 16, 24, 32, 80, 212, 310].map((code) => [`wfdb-${code}`, writeWfdb(code)])),
  edf: (path) => {
    const signals = Array.from({ length: LEADS }, (_, number) => ({ samples: lead(number) }));
    const parts = [...writeEdf(makeSource({ signals, frameRate: 250 })).parts()].map((part) => Buffer.from(part));
    writeFileSync(path("r.edf"), Buffer.concat(parts));
  },
  ishne: (path) => {
    writeFileSync(path("r.ecg"), makeIshne({ leads: [6, 11], rate: 250, data: int16Bytes(Array.from(interleaved())) }));
  },
  mat4: (path) => {
    writeFileSync(path("r.mat"), makeMat4([matVariable()]));
    writeFileSync(path("r.hea"), matHeader);
  },
  mat5: (path) => writeFileSync(path("r.mat"), makeMat5([matVariable(), rate])),
  "mat5-compressed": (path) => writeFileSync(path("r.mat"), makeMat5([matVariable(), rate], { isCompressed: true })),
  aecg: (path) => {
    const leads = Object.fromEntries(["II", "V1"].map((name, i) => [name, Array.from(lead(i))]));
    writeFileSync(path("r.xml"), makeAecg({ increment: "0.004", sets: [{ head: "20021122091000.000", leads }] }));
  },
  csv: (path) => {
    const [one, other] = [lead(0), lead(1)];
    const rows = Array.from(one, (sample, i) => `${(i / 250).toFixed(3)},${sample / 1000},${other[i] / 1000}`);
    writeFileSync(path("r.csv"), ["time (s),II (mV),V1 (mV)", ...rows, ""].join("\n"));
  },
  "beat-rows": (path) => {
    const samples = interleaved();
    const beat = (from: number): string => `${samples.subarray(from, from + 187).join(",")},${from % 5}`;
    const rows = Array.from({ length: Math.floor(samples.length / 187) }, (_, i) => beat(187 * i));
    writeFileSync(path("beats.csv"), rows.join("\n"));
  },
};

const [first, ...others] = process.argv.slice(2);
if (first === "--read") readAndPrint(others[0]);
else measureAll(first === undefined ? Object.keys(writers) : [first, ...others]);

function measureAll(names: readonly string[]): void {
  for (const name of names) {
    const folder = mkdtempSync(join(tmpdir(), "ectopy-reader-memory-"));
    try {
      writers[name]((file) => join(folder, file));
      const output = execFileSync(process.execPath, [import.meta.filename, "--read", folder], { encoding: "utf8" });
      const { decoded, grown } = JSON.parse(output) as { decoded: number; grown: number };
      const limit = MAX_RATIO * decoded + FREE_BYTES;
      if (grown > limit) process.exitCode = 1;
      const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
      console.log(
        `${name.padEnd(16)} ${megabytes(decoded)} decoded, ${megabytes(grown)} at most, limit ${megabytes(limit)}` +
          (grown > limit ? ": BEYOND THE LIMIT" : ""),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

/** Reads the only recording of a folder to its end, and prints the decoded bytes and the growth of the peak memory. */
function readAndPrint(path: string): void {
  const folder = new DiskFolder(path);
  const { recordings } = groupFiles(folder, readdirSync(path));
  const [recording] = recordings;
  // From now on, the peak is counted again.
  writeFileSync("/proc/self/clear_refs", "5");
  const before = peakBytes();
  let samples = 0;
  if (recording.format === "beat-rows") {
    samples = readBeatRows(folder.open("beats.csv"), "beats.csv").values.length;
  } else {
    for (const block of openRecording(folder, recording).blocks()) {
      for (const { length } of block.samples) samples += length;
    }
  }
  if (samples < 0.99 * LEADS * LENGTH) throw new Error(`${samples} samples were read`);
  console.log(JSON.stringify({ decoded: samples * SAMPLE_BYTES, grown: peakBytes() - before }));
}

function peakBytes(): number {
  return 1000 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? 0);
}
