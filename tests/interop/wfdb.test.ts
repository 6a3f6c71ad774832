/**
 * Compares Ectopy with wfdb-python: both read the same from the same files, and wfdb-python reads Ectopy's.
 * ECTOPY_PYTHON names the Python.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Signal } from "../../src/contract/domain/recordings.ts";
import { generateSample, sampleIndex, samplePatients } from "../../src/pipeline/recordings/sample/generate-sample.ts";
import { parseAnnotations } from "../../src/pipeline/recordings/wfdb/annotations.ts";
import { parseRecord } from "../../src/pipeline/recordings/wfdb/record.ts";
import { askPython, python } from "../support/python.ts";
import { mitdb, NO_MITDB } from "../support/real-data.ts";

interface RecordSummary {
  annotations: number;
  annotationDigest: string;
  signals?: { lead: string; units: string; gain: number; baseline: number; digest: string }[];
  rate?: number;
  length?: number;
  comments?: string[];
}

/**
 * Reads {folder, names, withSignals}; writes a {@link RecordSummary} for each record, signals for those in withSignals.
 */
const SCRIPT = `
import hashlib, json, os, sys
import wfdb

def digest(data):
    return hashlib.sha256(data).hexdigest()

question = json.load(sys.stdin)
answers = {}
for name in question["names"]:
    path = os.path.join(question["folder"], name)
    read = wfdb.rdann(path, "atr")
    rows = zip(read.sample, read.symbol, read.subtype, read.chan, read.num, read.aux_note)
    # MIT's own texts end with a NUL, which is no part of them.
    lines = [f"{s} {y} {t} {c} {n} {a.split(chr(0))[0]}\\n" for s, y, t, c, n, a in rows]
    answer = {"annotations": len(lines), "annotationDigest": digest("".join(lines).encode())}
    if name in question["withSignals"]:
        record = wfdb.rdrecord(path, physical=False)
        fields = zip(record.sig_name, record.units, record.adc_gain, record.baseline, record.d_signal.T.copy())
        answer["signals"] = [
            {"lead": lead, "units": units, "gain": gain, "baseline": baseline, "digest": digest(samples.astype("<i4"))}
            for lead, units, gain, baseline, samples in fields
        ]
        answer.update(rate=record.fs, length=record.sig_len, comments=record.comments)
    answers[name] = answer
print(json.dumps(answers))
`;

/** Returns the same summaries, read by Ectopy. */
function readByEctopy(folder: string, names: string[], withSignals: string[]): Record<string, RecordSummary> {
  const entries = names.map((name): [string, RecordSummary] => {
    const bytesOf = (extension: string): Uint8Array => readFileSync(join(folder, `${name}.${extension}`));
    const { annotations } = parseAnnotations(bytesOf("atr"), `${name}.atr`);
    const lines = annotations.map((a) => `${a.sample} ${a.symbol} ${a.subtype} ${a.channel} ${a.num} ${a.aux}\n`);
    const read: RecordSummary = { annotations: lines.length, annotationDigest: digest(lines.join("")) };
    if (!withSignals.includes(name)) return [name, read];
    const { recording } = parseRecord({
      name,
      header: bytesOf("hea"),
      signals: new Map([[`${name}.dat`, bytesOf("dat")]]),
      annotator: "atr",
      annotations: null,
    });
    const { rate, length, comments } = recording;
    const signals = recording.signals.map(({ lead, units, gain, baseline, samples }) => {
      return { lead, units, gain, baseline, digest: digestOfSamples(samples) };
    });
    return [name, { ...read, signals, rate, length, comments }];
  });
  return Object.fromEntries(entries);
}

function digest(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function digestOfSamples(samples: Signal["samples"]): string {
  return digest(new Uint8Array(Int32Array.from(samples).buffer));
}

describe("wfdb-python", () => {
  const folder = mkdtempSync(join(tmpdir(), "ectopy-wfdb-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("reads the same in the MIT-BIH database: all annotations, the signals of five records", async (ctx) => {
    if (python === undefined) return ctx.skip("ECTOPY_PYTHON names no Python with wfdb");
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    const names = readFileSync(join(mitdb, "RECORDS"), "latin1").split(/\s+/).filter(Boolean);
    const withSignals = ["100", "102", "116", "207", "234"];
    const theirs = await askPython<Record<string, RecordSummary>>(SCRIPT, { folder: mitdb, names, withSignals });
    expect(readByEctopy(mitdb, names, withSignals)).toEqual(theirs);
    expect(Object.values(theirs).reduce((sum, read) => sum + read.annotations, 0)).toBe(112647);
  });

  it("reads the sample recordings that Ectopy wrote", async (ctx) => {
    if (python === undefined) return ctx.skip("ECTOPY_PYTHON names no Python with wfdb");
    const patients = samplePatients(1);
    for (const patient of patients) {
      for (const [file, bytes] of generateSample(patient, 1).files) writeFileSync(join(folder, file), bytes);
    }
    const names = sampleIndex(patients).trimEnd().split("\n");
    const theirs = await askPython<Record<string, RecordSummary>>(SCRIPT, { folder, names, withSignals: names });
    expect(readByEctopy(folder, names, names)).toEqual(theirs);
    expect(Object.keys(theirs)).toHaveLength(12);
  });
});
