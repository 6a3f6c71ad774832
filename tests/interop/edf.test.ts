/**
 * Compares Ectopy's EDF and BDF with pyedflib and MNE-Python: all read the same, from files that either side wrote.
 * ECTOPY_PYTHON names the Python.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openEdf } from "../../src/pipeline/recordings/edf/source.ts";
import { writeEdf } from "../../src/pipeline/recordings/edf/write-edf.ts";
import type { RecordingSource } from "../../src/pipeline/recordings/source.ts";
import { askPython, python } from "../support/python.ts";
import { annotation, makeSource, samplesOf } from "../support/sources.ts";

interface Signal {
  lead: string;
  units: string;
  rate: number;
  digital: number[];
  physical: number[];
}
interface ReadFile {
  startsAt: string;
  signals: Signal[];
  annotations: [onset: number, duration: number, text: string][];
  /** Physical values that MNE gives, in V where the unit is one of a voltage. */
  mne: { rate: number; physical: number[][]; annotations: [onset: number, duration: number, text: string][] };
}

/** Reads a file with both libraries. */
const READ = `
import json, sys, warnings
import numpy as np, pyedflib, mne
warnings.simplefilter("ignore")
path = json.load(sys.stdin)["path"]
f = pyedflib.EdfReader(path)
signals = [{
    "lead": f.getLabel(i), "units": f.getPhysicalDimension(i), "rate": f.getSampleFrequency(i),
    "digital": f.readSignal(i, digital=True).tolist(), "physical": f.readSignal(i).tolist(),
} for i in range(f.signals_in_file)]
onsets, durations, texts = f.readAnnotations()
# pyedflib gives no duration as -1.
annotations = [[float(o), max(0.0, float(d)), str(t)] for o, d, t in zip(onsets, durations, texts)]
starts = f.getStartdatetime().isoformat()
f.close()
read = mne.io.read_raw_bdf if path.endswith("bdf") else mne.io.read_raw_edf
raw = read(path, preload=True, verbose="error", stim_channel=None)
print(json.dumps({"startsAt": starts, "signals": signals, "annotations": annotations, "mne": {
    "rate": raw.info["sfreq"], "physical": raw.get_data().tolist(),
    "annotations": [[float(a["onset"]), float(a["duration"]), str(a["description"])] for a in raw.annotations],
}}))
`;

/** Writes a file with pyedflib: two signals of one or two rates, and annotations. */
const WRITE = `
import json, sys
import numpy as np, pyedflib
from datetime import datetime
question = json.load(sys.stdin)
kind = {"edf": pyedflib.FILETYPE_EDFPLUS, "bdf": pyedflib.FILETYPE_BDFPLUS}[question["kind"]]
bits = 16 if question["kind"] == "edf" else 24
w = pyedflib.EdfWriter(question["path"], 2, file_type=kind)
w.setStartdatetime(datetime(2011, 4, 5, 6, 7, 8))
w.setSignalHeaders([
    {"label": label, "dimension": "uV", "sample_frequency": rate, "physical_max": 3276.7, "physical_min": -3276.8,
     "digital_max": 2 ** (bits - 1) - 1, "digital_min": -2 ** (bits - 1), "transducer": "AgCl", "prefilter": "HP:0.05Hz"}
    for label, rate in zip(["ECG II", "V5"], question["rates"])])
rng = np.random.default_rng(1)
w.writeSamples([rng.integers(-2 ** (bits - 1), 2 ** (bits - 1), 4 * rate).astype(np.int32) for rate in question["rates"]], digital=True)
for onset, duration, text in question["annotations"]:
    w.writeAnnotation(onset, duration, text)
w.close()
`;

function physicalOf(source: RecordingSource): number[][] {
  return samplesOf(source).map((samples, i) => {
    const { gain, baseline } = source.signals[i];
    return Array.from(samples, (sample) => (sample - baseline) / gain);
  });
}

/** Largest difference, in units of the last digit of the largest value: both sides round a handful of operations. */
function lastDigits(values: readonly number[], others: readonly number[]): number {
  expect(values.length).toBe(others.length);
  const largest = Math.max(...others.map(Math.abs));
  const difference = Math.max(...values.map((value, i) => Math.abs(value - others[i])));
  return difference / (largest * Number.EPSILON);
}
const MAX_LAST_DIGITS = 4;
const NO_PYTHON = "ECTOPY_PYTHON names no Python with pyedflib and mne";

describe("EDF", () => {
  const folder = mkdtempSync(join(tmpdir(), "ectopy-edf-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.for<[string, number[]]>([
    ["edf", [256, 256]],
    ["edf", [500, 125]],
    ["bdf", [256, 256]],
  ])("is read the same where pyedflib wrote it: %s, %j Hz", async ([kind, rates], ctx) => {
    const path = join(folder, `p-${rates.join("-")}.${kind}`);
    if (python === undefined) return ctx.skip(NO_PYTHON);
    const annotations = [
      [0.5, 0, "N"],
      [1.25, 0, "PVC"],
      [2, 1.5, "Apnéa"],
    ];
    await askPython(`${WRITE}\nprint("null")`, { path, kind, rates, annotations });
    const theirs = await askPython<ReadFile>(READ, { path });
    const source = openEdf(readFileSync(path), path);
    expect(source.startsAt).toBe(theirs.startsAt);
    expect(source.findings).toEqual([]);
    const physical = physicalOf(source);
    for (const [i, signal] of theirs.signals.entries()) {
      expect(source.signals[i]).toMatchObject({ lead: signal.lead, units: signal.units });
      expect(source.frameRate * source.signals[i].samplesPerFrame).toBe(signal.rate);
      expect(Array.from(samplesOf(source)[i])).toEqual(signal.digital);
      expect(lastDigits(physical[i], signal.physical)).toBeLessThan(MAX_LAST_DIGITS);
    }
    // MNE resamples signals of a lower rate.
    if (rates[0] === rates[1]) {
      for (const [i, values] of theirs.mne.physical.entries()) {
        expect(
          lastDigits(
            physical[i],
            values.map((value) => value * 1e6),
          ),
        ).toBeLessThan(MAX_LAST_DIGITS);
      }
    }
    expect(
      source.annotators[0].annotations.map(({ sample, symbol, aux }) => [sample / source.rate, symbol, aux]),
    ).toEqual([
      [0.5, "N", ""],
      [1.25, "V", ""],
      [2, '"', "Apnéa (duration 1.5 s)"],
    ]);
  });

  const wave = (amplitude: number, period: number): Int32Array =>
    Int32Array.from({ length: 3600 }, (_, i) => Math.round(amplitude * Math.sin((2 * Math.PI * i) / period)));
  const annotations = [
    annotation(0, "+", { aux: "(N" }),
    annotation(180, "N"),
    annotation(540, "V"),
    annotation(1080, '"', { aux: "Apnéa (duration 1.5 s)" }),
    annotation(3599, "/"),
  ];

  it.for<[string, number]>([
    ["edf", 1000],
    ["bdf", 1_000_000],
  ])("is read the same where Ectopy wrote it: %s", async ([extension, amplitude], ctx) => {
    if (python === undefined) return ctx.skip(NO_PYTHON);
    const made = makeSource({
      frameRate: 360,
      startsAt: "2020-12-31T23:59:58",
      signals: [
        { samples: wave(amplitude, 300), gain: 200, baseline: 12 },
        { samples: wave(amplitude / 2, 77), gain: 409.6, baseline: 0 },
      ],
      annotations,
    });
    const written = writeEdf(made);
    expect(written.extension).toBe(extension);
    const path = join(folder, `e.${written.extension}`);
    writeFileSync(path, Buffer.concat([...written.parts()]));
    const theirs = await askPython<ReadFile>(READ, { path });
    expect(theirs.startsAt).toBe("2020-12-31T23:59:58");
    const samples = samplesOf(made);
    const physical = physicalOf(made);
    for (const [i, signal] of theirs.signals.entries()) {
      expect(signal).toMatchObject({ lead: made.signals[i].lead, units: "mV", rate: 360 });
      expect(signal.digital).toEqual(Array.from(samples[i]));
      expect(lastDigits(physical[i], signal.physical)).toBeLessThan(MAX_LAST_DIGITS);
      expect(
        lastDigits(
          physical[i],
          theirs.mne.physical[i].map((value) => value * 1e3),
        ),
      ).toBeLessThan(MAX_LAST_DIGITS);
    }
    const expected = [
      [0, 0, "(N"],
      [0.5, 0, "N"],
      [1.5, 0, "V"],
      [3, 1.5, "Apnéa"],
      [3599 / 360, 0, "/"],
    ];
    // Onsets are written to the microsecond.
    const rounded = (all: ReadFile["annotations"]): (number | string)[][] =>
      all.map(([onset, ...rest]) => [Number(onset.toFixed(5)), ...rest]);
    expect(rounded(theirs.annotations)).toEqual(rounded(expected as ReadFile["annotations"]));
    expect(rounded(theirs.mne.annotations)).toEqual(rounded(theirs.annotations));
  });
});
