/**
 * Compares Ectopy with wfdb-python on every dialect of WFDB that both read: physical values are equal to the last digit.
 * ECTOPY_PYTHON names the Python.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Annotation } from "../../src/contract/domain/recordings.ts";
import { DiskFolder } from "../../src/main/workers/disk-folder.ts";
import { loadRecord } from "../../src/main/workers/record-files.ts";
import { writeRecord } from "../../src/main/workers/write-record.ts";
import { physicalSamples } from "../../src/pipeline/beats/windows.ts";
import { MISSING_VALUE, type RecordingSource } from "../../src/pipeline/recordings/source.ts";
import { signalFormats, type SignalFormat } from "../../src/pipeline/recordings/wfdb/formats/index.ts";
import { parseRecord } from "../../src/pipeline/recordings/wfdb/record.ts";
import { askPython, python } from "../support/python.ts";

const NO_PYTHON = "ECTOPY_PYTHON names no Python with wfdb";
const folder = mkdtempSync(join(tmpdir(), "ectopy-wfdb-dialects-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Theirs {
  leads: string[];
  /** Physical values by signal; null: missing. */
  values: (number | null)[][];
}

/** Reads {folder, names}; writes {@link Theirs} for each record. */
const IMPORTS = `
import json, os, sys
import numpy as np
import wfdb

question = json.load(sys.stdin)
`;
const READ_NAMES = `
answers = {}
for name in question["names"]:
    record = wfdb.rdrecord(os.path.join(question["folder"], name), smooth_frames=False, return_res=64)
    signals = record.e_p_signal if record.e_p_signal is not None else list(record.p_signal.T)
    values = [[None if np.isnan(v) else float(v) for v in signal] for signal in signals]
    answers[name] = {"leads": record.sig_name, "values": values}
print(json.dumps(answers))
`;
const READ = IMPORTS + READ_NAMES;

/** Writes records of one and of three signals in each format, with missing values. */
const WRITE_FLAC = `${IMPORTS}
random = np.random.default_rng(3)
for format, bits in (("508", 8), ("516", 16), ("524", 24)):
    for kind, count in (("one", 1), ("three", 3)):
        most = 2 ** (bits - 1) - 1
        wave = 0.8 * most * np.sin(np.arange(5000)[:, None] / (30 + 10 * np.arange(count)))
        samples = (wave + random.integers(-3, 4, size=(5000, count))).astype(int)
        samples[7] = most
        samples[9] = -most - 1
        name = f"f{format}{kind}"
        wfdb.wrsamp(name, fs=250, units=["mV"] * count, sig_name=[f"lead {i}" for i in range(count)], d_signal=samples,
            fmt=[format] * count, adc_gain=[200.0] * count, baseline=[0] * count, write_dir=question["folder"])
`;

function ours(name: string): Theirs {
  const { recording } = parseRecord(loadRecord(new DiskFolder(folder), name));
  return {
    leads: recording.signals.map(({ lead }) => lead),
    values: recording.signals.map((signal) => {
      const out = new Float64Array(signal.samples.length);
      physicalSamples(signal, 0, out.length, out);
      return Array.from(out, (value) => (Number.isNaN(value) ? null : value));
    }),
  };
}

const LENGTH = 211;

/** Values of a signal in the range of a format, with its extremes. */
function valuesOf({ highest }: SignalFormat, signal: number, length = LENGTH): Int32Array {
  return Int32Array.from({ length }, (_, i) => {
    if (i === 17) return highest;
    if (i === 18) return -highest;
    return Math.round(highest * 0.9 * Math.sin((i * (signal + 1)) / 7));
  });
}

/** Writes a record whose signals share one file. @param perFrame samples per frame of each signal */
function writeDialect(name: string, format: SignalFormat, perFrame: number[], { suffix = "", offset = 0 } = {}): void {
  const values = perFrame.map((samples, i) => valuesOf(format, i, LENGTH * samples));
  const width = perFrame.reduce((sum, samples) => sum + samples, 0);
  const interleaved = new Int32Array(LENGTH * width);
  for (let frame = 0, to = 0; frame < LENGTH; frame++) {
    for (const [i, samples] of perFrame.entries()) {
      for (let k = 0; k < samples; k++) interleaved[to++] = values[i][frame * samples + k];
    }
  }
  const bytes = format.encode(interleaved);
  // wfdb-python expects whole groups of packed samples.
  const padded = new Uint8Array(offset + Math.ceil(bytes.length / 12) * 12);
  padded.set(bytes, offset);
  writeFileSync(join(folder, `${name}.dat`), padded);
  const lines = perFrame.map((samples, i) => {
    const frames = samples === 1 ? "" : `x${samples}`;
    const skew = i === 1 ? suffix : "";
    const place = offset === 0 ? "" : `+${offset}`;
    return `${name}.dat ${format.code}${frames}${skew}${place} ${[200, 1234.5, 0.25][i]}(${[0, -7, 12][i]})/mV 16 0 0 0 0 lead ${i}`;
  });
  writeFileSync(join(folder, `${name}.hea`), [`${name} ${perFrame.length} 128 ${LENGTH}`, ...lines, ""].join("\n"));
}

describe("wfdb-python", () => {
  it("reads the same physical values in every signal format, frame, skew and offset", async (ctx) => {
    if (python === undefined) return ctx.skip(NO_PYTHON);
    const names: string[] = [];
    // wfdb-python refuses differences without an initial value in the header; unit tests cover format 8.
    for (const format of signalFormats.filter(({ differences }) => !differences)) {
      for (const [kind, perFrame, options] of [
        ["one", [1], {}],
        ["three", [1, 1, 1], {}],
        ["frames", [4, 1, 2], {}],
        ["skew", [1, 1], { suffix: ":5" }],
        ["offset", [1, 2], { offset: 24 }],
      ] as const) {
        const name = `f${format.code}${kind}`;
        names.push(name);
        writeDialect(name, format, [...perFrame], options);
      }
    }
    const theirs = await askPython<Record<string, Theirs>>(READ, { folder, names });
    for (const name of names) expect(ours(name), name).toEqual(theirs[name]);
  });

  it("reads the same physical values in the formats that FLAC compresses", async (ctx) => {
    if (python === undefined) return ctx.skip(NO_PYTHON);
    const names = ["508", "516", "524"].flatMap((format) => ["one", "three"].map((kind) => `f${format}${kind}`));
    const theirs = await askPython<Record<string, Theirs>>(WRITE_FLAC + READ_NAMES, { folder, names });
    for (const name of names) expect(ours(name), name).toEqual(theirs[name]);
    expect(theirs.f516three.values.map((values) => values.length)).toEqual([5000, 5000, 5000]);
  });

  it("reads the same physical values in segments of fixed and variable layout", async (ctx) => {
    if (python === undefined) return ctx.skip(NO_PYTHON);
    const format = signalFormats.find(({ code }) => code === 16)!;
    writeDialect("s1", format, [1, 1]);
    writeDialect("s2", format, [1, 1]);
    writeDialect("s3", format, [1, 1, 1]);
    const master = (name: string, lines: string[], frames: number): void => {
      writeFileSync(join(folder, `${name}.hea`), [`${name}/${lines.length} 2 128 ${frames}`, ...lines, ""].join("\n"));
    };
    master("fixed", [`s1 ${LENGTH}`, `s2 ${LENGTH}`], 2 * LENGTH);
    const layout = ["lead 1", "lead 0"].map(
      (lead, i) => `~ 0 ${[1234.5, 200][i]}(${[-7, 0][i]})/mV 16 0 0 0 0 ${lead}`,
    );
    writeFileSync(join(folder, "layout.hea"), [`layout 2 128 0`, ...layout, ""].join("\n"));
    master("variable", ["layout 0", `s1 ${LENGTH}`, "~ 50", `s3 ${LENGTH}`], 2 * LENGTH + 50);
    const names = ["fixed", "variable"];
    const theirs = await askPython<Record<string, Theirs>>(READ, { folder, names });
    for (const name of names) expect(ours(name), name).toEqual(theirs[name]);
    expect(theirs.variable.values[0].filter((value) => value === null)).toHaveLength(50);
  });

  it("reads a recording of another format that was stored, with its annotations", async (ctx) => {
    if (python === undefined) return ctx.skip(NO_PYTHON);
    const mark = (sample: number, symbol: string, aux = ""): Annotation => ({
      ...{ sample, symbol, subtype: 0, channel: 0, num: 0 },
      aux,
    });
    const wide = Int32Array.of(1, -32768, 70_000, MISSING_VALUE, 5, 6);
    const source: RecordingSource = {
      name: "stored",
      format: "EDF+",
      frameRate: 100,
      frames: 3,
      rate: 200,
      startsAt: "2020-05-05T09:49:17",
      signals: [
        { lead: "II", units: "mV", gain: 200.3, baseline: -3, samplesPerFrame: 2 },
        { lead: "Resp", units: "", gain: 2, baseline: 0, samplesPerFrame: 1 },
      ],
      annotators: [
        {
          annotator: "edf",
          annotations: [mark(0, "N"), mark(3, "+", "(AFIB"), mark(4, "XY"), mark(5, "strange", "beat")],
        },
      ],
      comments: ["69 M"],
      findings: [],
      *blocks() {
        yield { from: 0, samples: [wide, Int32Array.of(7, 8, 9)] };
      },
    };
    writeRecord(source, { folder, name: "stored", annotator: "edf" });
    const theirs = await askPython<Record<string, Theirs>>(READ, { folder, names: ["stored"] });
    expect(ours("stored")).toEqual(theirs.stored);
    expect(theirs.stored.values).toEqual([
      [4 / 200.3, (-32768 + 3) / 200.3, 70_003 / 200.3, null, 8 / 200.3, 9 / 200.3],
      [3.5, 4, 4.5],
    ]);
    const annotations = await askPython<unknown>(
      `
import json, os, sys
import wfdb
question = json.load(sys.stdin)
read = wfdb.rdann(os.path.join(question["folder"], "stored"), "edf")
header = wfdb.rdheader(os.path.join(question["folder"], "stored"))
print(json.dumps({
    "fs": read.fs, "sample": read.sample.tolist(), "symbol": read.symbol, "aux": read.aux_note,
    "time": str(header.base_datetime), "comments": header.comments, "units": header.units,
}))
`,
      { folder },
    );
    expect(annotations).toEqual({
      fs: 200,
      sample: [0, 3, 4, 5],
      symbol: ["N", "+", "XY", '"'],
      aux: ["", "(AFIB", "", "strange beat"],
      time: "2020-05-05 09:49:17",
      comments: ["69 M"],
      units: ["mV", "NU"],
    });
  });
});
