/**
 * How often a classification marks beats as unlike the training beats, and as unsure, on half of DS2 of MIT-BIH as it is, with
 * noise and with other leads, and on its paced recordings.
 *
 *     ECTOPY_MITDB=path/to/mitdb node bench/unlike-training.ts WORKSPACE RUN
 *
 * WORKSPACE has a run of two leads that was trained on DS1; the recordings are imported into it, so it should be one for this
 * measurement. R-peaks are those of the annotations; no label is compared. Noise as in the MIT-BIH noise stress test, but synthetic: baseline wander, muscle noise and electrode motion
 * in equal parts, on both leads for the whole recording; the ratio is that of `nst`, by an eighth of the squared QRS height.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { DiskFolder } from "../src/main/workers/disk-folder.ts";
import { loadRecord } from "../src/main/workers/record-files.ts";
import { randomStream } from "../src/pipeline/random.ts";
import { parseRecord } from "../src/pipeline/recordings/wfdb/record.ts";

/** Every second recording of DS2 (de Chazal 2004). */
const DS2 = "100 105 113 121 200 210 213 219 222 231 233".split(" ");
const PACED = ["102", "104", "107", "217"];
const GAIN = 200;
const [workspace, run] = process.argv.slice(2);
const folder = process.env["ECTOPY_MITDB"];
if (folder === undefined || run === undefined) {
  throw new Error("Set ECTOPY_MITDB, and name a workspace and a run: node bench/unlike-training.ts WORKSPACE RUN");
}
const source: string = folder;

type Leads = [Float32Array, Float32Array];
const variants: [
  name: string,
  records: readonly string[],
  change: (leads: Leads, rate: number, name: string) => Leads,
][] = [
  ["as recorded", DS2, (leads) => leads],
  ["noise, 12 dB", DS2, (leads, rate, name) => noisy(leads, rate, name, 12)],
  ["noise, 6 dB", DS2, (leads, rate, name) => noisy(leads, rate, name, 6)],
  ["noise, 0 dB", DS2, (leads, rate, name) => noisy(leads, rate, name, 0)],
  ["the two leads exchanged", DS2, ([first, second]) => [second, first]],
  ["first lead inverted", DS2, ([first, second]) => [first.map((value) => -value), second]],
  ["paced recordings", PACED, (leads) => leads],
];

const answerSchema = z.object({
  results: z.array(
    z.object({
      recordings: z.array(
        z.object({ counts: z.array(z.number()), unsure: z.number(), unlike: z.number(), record: z.string() }),
      ),
    }),
  ),
});

const temporary = mkdtempSync(join(tmpdir(), "ectopy-unlike-"));
try {
  console.log("| recordings | beats | unlike training | unsure (below 0.8) |");
  console.log("| --- | ---: | ---: | ---: |");
  for (const [i, [title, records, change]] of variants.entries()) {
    const into = join(temporary, `variant-${i}`);
    mkdirSync(into);
    for (const record of records) write(into, record, change);
    const program = join(import.meta.dirname, "../src/main/cli/ectopy.ts");
    const args = [
      program,
      "--workspace",
      workspace,
      "classify",
      run,
      into,
      "--annotator",
      "atr",
      "--threshold",
      "0.8",
      "--json",
    ];
    const { stdout, status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 28 });
    if (status !== 0) throw new Error(stderr);
    const rows = answerSchema.parse(JSON.parse(stdout)).results.flatMap(({ recordings }) => recordings);
    const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
    const beats = sum(({ counts }) => counts.reduce((a, b) => a + b, 0));
    const share = (part: number): string => `${((100 * part) / beats).toFixed(2)} %`;
    console.log(`| ${title} | ${beats} | ${share(sum((row) => row.unlike))} | ${share(sum((row) => row.unsure))} |`);
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

/** Writes a record in format 16 with the lead names and annotations of the original. */
function write(into: string, name: string, change: (leads: Leads, rate: number, name: string) => Leads): void {
  const { recording } = parseRecord(loadRecord(new DiskFolder(source), name));
  const { rate, length, signals } = recording;
  const [first, second] = signals.map(({ samples, gain, baseline }) =>
    Float32Array.from(samples, (sample) => (sample - baseline) / gain),
  );
  const leads = change([first, second], rate, name);
  const samples = new Int16Array(2 * length);
  for (let i = 0; i < length; i++)
    for (const [k, lead] of leads.entries()) samples[2 * i + k] = Math.round(GAIN * lead[i]);
  const lines = signals.map(({ lead }) => `${name}.dat 16 ${GAIN}(0)/mV 16 0 0 0 0 ${lead}`);
  writeFileSync(join(into, `${name}.hea`), [`${name} 2 ${rate} ${length}`, ...lines, ""].join("\n"));
  writeFileSync(join(into, `${name}.dat`), new Uint8Array(samples.buffer));
  cpSync(join(source, `${name}.atr`), join(into, `${name}.atr`));
}

function noisy(leads: Leads, rate: number, name: string, decibels: number): Leads {
  const [first, second] = leads.map((clean, k) => {
    const sorted = clean.filter((_, i) => i % 37 === 0).sort();
    const height = sorted[Math.floor(0.99 * sorted.length)] - sorted[Math.floor(0.01 * sorted.length)];
    const power = height ** 2 / 8 / 10 ** (decibels / 10);
    const noises = [wander, muscle, motion].map((make) => {
      const noise = make(clean.length, rate, `${name} ${k}`);
      const scale = Math.sqrt(power / 3 / noise.reduce((sum, value) => sum + value ** 2 / noise.length, 0));
      return noise.map((value) => scale * value);
    });
    return clean.map((value, i) => value + noises[0][i] + noises[1][i] + noises[2][i]);
  });
  return [first, second];
}

/** Breathing and drift below 0.5 Hz. */
function wander(length: number, rate: number, name: string): Float32Array {
  const random = randomStream(42, `wander ${name}`);
  const waves = Array.from({ length: 8 }, () => [0.05 + 0.4 * random.uniform(), 2 * Math.PI * random.uniform()]);
  return Float32Array.from({ length }, (_, i) =>
    waves.reduce((sum, [hertz, phase]) => sum + Math.sin((2 * Math.PI * hertz * i) / rate + phase), 0),
  );
}

/** Differences of white noise: most of the power is above 60 Hz. */
function muscle(length: number, _: number, name: string): Float32Array {
  const random = randomStream(42, `muscle ${name}`);
  let before = 0;
  return Float32Array.from({ length }, () => {
    const value = random.uniform() - 0.5;
    const difference = value - 0.5 * before;
    before = value;
    return difference;
  });
}

/** Triangular waves of 80 to 240 ms, three a second, like those of an electrode that moves. */
function motion(length: number, rate: number, name: string): Float32Array {
  const random = randomStream(42, `motion ${name}`);
  const noise = new Float32Array(length);
  for (let at = 0; at < length; at += Math.floor((-Math.log(1 - random.uniform()) * rate) / 3)) {
    const half = Math.floor((0.04 + 0.08 * random.uniform()) * rate);
    const height = (0.2 + random.uniform()) * (random.uniform() < 0.5 ? -1 : 1);
    for (let k = -half; k <= half; k++) {
      if (at + k >= 0 && at + k < length) noise[at + k] += height * (1 - Math.abs(k) / half);
    }
  }
  return noise;
}
