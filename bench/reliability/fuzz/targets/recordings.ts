/** Files of an import: headers, annotations, signals, whole records, folders of records. */
import { rmSync } from "node:fs";
import { sampleFiles } from "../../../../tests/support/sample-records.ts";
import { EctopyError } from "../../../../src/contract/domain/errors.ts";
import {
  missingSampleOf,
  type Annotation,
  type RecordHealth,
  type Signal,
} from "../../../../src/contract/domain/recordings.ts";
import { DiskFolder } from "../../../../src/main/workers/disk-folder.ts";
import { findRecordings } from "../../../../src/main/workers/find-recordings.ts";
import { loadRecord } from "../../../../src/main/workers/record-files.ts";
import { parseAnnotations, writeAnnotations } from "../../../../src/pipeline/recordings/wfdb/annotations.ts";
import { isPlainFileName } from "../../../../src/pipeline/recordings/wfdb/file-name.ts";
import type { RecordingSource } from "../../../../src/pipeline/recordings/source.ts";
import { signalFormats, type SignalFormat } from "../../../../src/pipeline/recordings/wfdb/formats/index.ts";
import { parseHeader, writeHeader, type RecordHeader } from "../../../../src/pipeline/recordings/wfdb/header.ts";
import { openRecord } from "../../../../src/pipeline/recordings/wfdb/wfdb-source.ts";
import {
  encodeSamples,
  SampleTooWideError,
  STORED_FORMATS,
  storedAnnotations,
  storedHeader,
  type StoredSums,
} from "../../../../src/pipeline/recordings/wfdb/write-record.ts";
import { parseRecord, readRecord } from "../../../../src/pipeline/recordings/wfdb/record.ts";
import { checksum16 } from "../../../../src/pipeline/recordings/wfdb/sample-blocks.ts";
import { writeSignals } from "../../../../src/pipeline/recordings/wfdb/signals.ts";
import { temporaryFolder, writeParts } from "../folders.ts";
import {
  check,
  CheckError,
  checkFinite,
  checkSame,
  latin1Text,
  MANY_INPUTS,
  utf8,
  type Input,
  type Target,
} from "../target.ts";
import { annotation } from "../../../../tests/support/annotation.ts";

const LATEST_SAMPLE = 2 ** 31 - 1;
/** Length of the examples' signals, in samples: short enough for a million inputs. */
const LENGTH = 400;

const headerTokens = [
  ...[
    "212",
    "16",
    "310",
    "8",
    "24",
    "32",
    "80",
    "0",
    "516",
    "w/2",
    "~",
    "05-May-2020",
    "2014-05-08",
    "x4",
    "x1",
    "x2",
    ":1",
    "+0",
    "+4294967295",
    "(0)",
    "/mV",
    "/",
    "(",
    ")",
    "#",
    "# ",
    "\r\n",
    "\r",
  ],
  ...[
    "\t",
    " ",
    "../x.dat",
    "/etc/x",
    "con.dat",
    "x.dat",
    "360/360(0)",
    "12:00:00",
    "01/01/2000",
    "\u0000",
    "\u00a0",
    "\u00e9",
  ],
];

const signals = [0, 1].map((member) =>
  Int16Array.from({ length: LENGTH }, (_, i) => Math.round(90 * Math.sin(i / (9 + member))) - 30 * member),
);

/** Header and signal file of a record that fits its header. */
function recordOf(format: (typeof signalFormats)[number], change: (header: RecordHeader) => void = () => {}) {
  const header: RecordHeader = {
    name: "r1",
    rate: 360,
    counterRate: null,
    baseCounter: 0,
    length: LENGTH,
    startTime: "12:30:00",
    startDate: "01/02/2000",
    signals: signals.map((samples, i) => ({
      fileName: "r1.dat",
      format: format.code,
      samplesPerFrame: 1,
      skew: 0,
      byteOffset: 0,
      gain: 200,
      calibrated: true,
      baseline: 0,
      units: "mV",
      resolution: 11,
      zero: 0,
      initialValue: samples[0],
      checksum: checksum16(samples.reduce((sum, sample) => sum + sample, 0)),
      blockSize: 0,
      description: ["MLII", "V1"][i],
    })),
    segments: null,
    comments: ["69 M 1085 1629 x1", ""],
  };
  change(header);
  return { header: utf8(writeHeader(header)), signals: writeSignals(format, signals) };
}

const records = [
  ...signalFormats.map((format) => recordOf(format)),
  recordOf(signalFormats[1], (header) => {
    header.length = null;
    header.signals[1].skew = 3;
  }),
  // Two samples a frame of the first signal, and an offset.
  recordOf(signalFormats[1], (header) => {
    Object.assign(header, { rate: 180, length: 260 });
    header.signals[0].samplesPerFrame = 2;
    for (const signal of header.signals) Object.assign(signal, { byteOffset: 8, initialValue: null, checksum: null });
  }),
];

const annotations: readonly Annotation[] = [
  annotation(18, "+", { aux: "(N" }),
  annotation(77, "N"),
  annotation(370, "A", { subtype: 2, channel: 1, num: -1 }),
  annotation(5000, "V", { aux: "odd text" }),
  annotation(4990, "~", { subtype: -3 }),
  annotation(2_000_000, '"', { aux: "a note" }),
];
const annotationFiles = [
  writeAnnotations(annotations),
  writeAnnotations(annotations, { timeResolution: 250.5 }),
  writeAnnotations([...annotations, annotation(2_000_001, "own")], {
    definitions: [
      { code: 42, symbol: "own", description: "a symbol of the file's" },
      { code: 1, symbol: "N", description: "" },
    ],
  }),
];
const annotationTokens = [
  ...["## time resolution: 360", "## time resolution: 0.000000001", "## annotation type definitions", "__proto__"],
  ...["## end of definitions", "42 x y", "1 V", "49 constructor it", "\u0000\u0000", "\u0000\u00ec", "\u00ff\u00ff"],
];

function checkAnnotations(read: readonly Annotation[]): void {
  for (const { sample, subtype, channel, num, aux, symbol } of read) {
    check(Number.isInteger(sample) && sample >= 0 && sample <= LATEST_SAMPLE, `an annotation at sample ${sample}`);
    check(
      Number.isInteger(subtype) && Number.isInteger(channel) && Number.isInteger(num),
      "a field is no whole number",
    );
    check(aux.length <= 255 && symbol.length >= 1 && symbol.length <= 20, "a text is too long");
  }
}

function checkHeader(header: RecordHeader): void {
  checkFinite("the header", [header.rate, header.counterRate ?? 1, header.baseCounter, header.length ?? 1]);
  for (const signal of header.signals) {
    checkFinite("a signal", [signal.gain, signal.baseline, signal.zero, signal.resolution, signal.byteOffset]);
    check(signal.gain !== 0, "a gain of 0");
    check(isPlainFileName(signal.fileName), "a file outside of the folder");
    // The viewer and the preparation read physical units in float32.
    checkFinite(
      "the physical range",
      [-32768, 32767].map((sample) => Math.fround((sample - signal.baseline) / signal.gain)),
    );
  }
}

/** A damaged record is reported, not thrown: here it counts as refused. */
function refuseDamaged({ usable, findings }: RecordHealth): void {
  if (!usable) throw new EctopyError("damaged-file", findings[0].message, findings[0].fix);
}

export const headerTarget: Target = {
  name: "header",
  inputs: MANY_INPUTS,
  parts: { "r1.hea": "text" },
  tokens: headerTokens,
  examples: () => records.map(({ header }): Input => [header]),
  open: () => ({
    read([bytes]) {
      const header = parseHeader(latin1Text(bytes), "r1.hea");
      checkHeader(header);
      // Fields that were ignored are written as 0; the written header is read back as it is.
      const written = parseHeader(writeHeader(header), "r1.hea");
      const leads = ({ signals }: RecordHeader): string[] => signals.map(({ description }) => description);
      checkSame("the leads", leads(header), leads(written));
      checkSame("the header", written, parseHeader(writeHeader(written), "r1.hea"));
    },
  }),
};

export const annotationsTarget: Target = {
  name: "annotations",
  inputs: MANY_INPUTS,
  parts: { "r1.atr": "bytes" },
  tokens: annotationTokens,
  examples: () => annotationFiles.map((bytes): Input => [bytes]),
  open: () => ({
    read([bytes]) {
      const read = parseAnnotations(bytes, "r1.atr");
      checkAnnotations(read.annotations);
      const { annotations: again } = parseAnnotations(writeAnnotations(read.annotations, read), "r1.atr");
      checkSame("the annotations", read.annotations, again);
    },
  }),
};

export const signalsTarget: Target = {
  name: "signals",
  inputs: MANY_INPUTS,
  parts: { "r1.hea": "text", "r1.dat": "bytes" },
  tokens: headerTokens,
  examples: () => records.map((record): Input => [record.header, record.signals]),
  open: () => ({
    read([header, bytes]) {
      const files = { name: "r1", header, signals: new Map([["r1.dat", bytes]]), annotator: "atr", annotations: null };
      const { recording } = parseRecord(files);
      for (const { samples, rate } of recording.signals) {
        check(
          Math.abs(samples.length - (recording.length * rate) / recording.rate) < 0.5,
          "a signal of another length",
        );
      }
    },
  }),
};

/** Samples of each format from any bytes: they are inside the format's range and are written back equal. */
export const formatsTarget: Target = {
  name: "signal-formats",
  inputs: MANY_INPUTS,
  parts: { samples: "bytes" },
  tokens: [],
  examples: () => records.map((record): Input => [record.signals]),
  open: () => ({
    read([bytes]) {
      for (const format of signalFormats) {
        const samples = new Int32Array(format.samplesIn(bytes.length));
        format.decode(bytes, 0, samples.length, samples);
        const [least, most] = [Math.min(0, ...samples.subarray(0, 4000)), Math.max(0, ...samples.subarray(0, 4000))];
        check(least >= format.missing && most <= format.highest, `samples from ${least} to ${most}`);
        const again = new Int32Array(samples.length);
        format.decode(format.encode(samples), 0, samples.length, again);
        check(
          Buffer.compare(Buffer.from(samples.buffer), Buffer.from(again.buffer)) === 0,
          "samples read back differently",
        );
      }
    },
  }),
};

export const recordTarget: Target = {
  name: "record",
  inputs: MANY_INPUTS,
  parts: { "r1.hea": "text", "r1.dat": "bytes", "r1.atr": "bytes" },
  tokens: [...headerTokens, ...annotationTokens],
  examples: () =>
    records.map((record, i): Input => [record.header, record.signals, annotationFiles[i % annotationFiles.length]]),
  open: () => ({
    read([header, bytes, annotationBytes]) {
      const {
        recording,
        annotations: read,
        health,
      } = readRecord({
        name: "r1",
        header,
        signals: new Map([["r1.dat", bytes]]),
        annotator: "atr",
        annotations: annotationBytes,
      });
      check(health.usable === (recording !== null), "its health contradicts it");
      checkFinite("its health", [health.rate, health.length, health.otherAnnotations, ...Object.values(health.beats)]);
      check(
        health.findings.every(({ message }) => message.length < 6000),
        "a finding repeats the file",
      );
      checkAnnotations(read);
      refuseDamaged(health);
      for (let i = 1; i < read.length; i++) check(read[i].sample >= read[i - 1].sample, "annotations out of order");
    },
  }),
};

/** A record of two segments and a gap, with the same segment twice. */
export const segmentsTarget: Target = {
  name: "segments",
  inputs: MANY_INPUTS,
  parts: { "w.hea": "text", "r1.hea": "text", "r1.dat": "bytes", "w.atr": "bytes" },
  tokens: [...headerTokens, "r1", "layout"],
  examples: () =>
    records.flatMap((record): Input[] => {
      const { rate, length } = parseHeader(latin1Text(record.header), "r1.hea");
      const frames = length ?? LENGTH;
      const lines = [`w/3 2 ${rate} ${2 * frames + 50}`, `r1 ${frames}`, "~ 50", `r1 ${frames}`];
      return [[utf8(lines.join("\n")), record.header, record.signals, annotationFiles[0]]];
    }),
  open: () => ({
    read([master, header, bytes, annotationBytes]) {
      const segment = { header, signals: new Map([["r1.dat", bytes]]) };
      const { recording, health } = readRecord({
        ...{ name: "w", header: master, signals: new Map(), annotator: "atr", annotations: annotationBytes },
        segments: new Map([
          ["r1", segment],
          ["layout", segment],
        ]),
      });
      refuseDamaged(health);
      for (const { samples, rate } of recording?.signals ?? []) {
        check(Math.abs(samples.length - (health.length * rate) / health.rate) < 0.5, "a signal of another length");
      }
    },
  }),
};

/** A record as it is stored: what is read from it equals what was read from the record. */
export const storedTarget: Target = {
  name: "stored-record",
  inputs: MANY_INPUTS,
  parts: { "r1.hea": "text", "r1.dat": "bytes", "r1.atr": "bytes" },
  tokens: [...headerTokens, ...annotationTokens],
  examples: () =>
    records.map((record, i): Input => [record.header, record.signals, annotationFiles[i % annotationFiles.length]]),
  open: () => ({
    read([header, bytes, annotationBytes]) {
      const files = { name: "r1", header, signals: new Map([["r1.dat", bytes]]), annotator: "atr" };
      const source = openRecord({ ...files, annotations: annotationBytes });
      const read = parseRecord({ ...files, annotations: annotationBytes });
      const { format, sums, pieces } = encoded(source);
      const stored = parseRecord({
        ...{ name: "r1", header: storedHeader(source, "r1", format, sums), annotator: "atr" },
        signals: new Map([["r1.dat", Buffer.concat(pieces)]]),
        annotations: storedAnnotations(source).get("atr") ?? null,
      });
      const described = (signals: readonly Signal[]): unknown =>
        signals.map(({ lead, gain, baseline, rate, units }) => [lead.trim(), gain, baseline, rate, units]);
      check(stored.recording.length === read.recording.length, "another length");
      checkSame("the signals", described(read.recording.signals), described(stored.recording.signals));
      for (const [i, { samples }] of read.recording.signals.entries()) {
        const again = stored.recording.signals[i].samples;
        const [missing, missingAgain] = [missingSampleOf(samples), missingSampleOf(again)];
        check(
          samples.every((sample, at) => again[at] === (sample === missing ? missingAgain : sample)),
          "another sample",
        );
      }
      const times = (all: readonly Annotation[] | null): string => (all ?? []).map(({ sample }) => sample).join();
      check(times(read.annotations) === times(stored.annotations), "annotations at other times");
    },
  }),
};

function encoded(source: RecordingSource): { format: SignalFormat; sums: StoredSums[]; pieces: Uint8Array[] } {
  for (const format of STORED_FORMATS) {
    try {
      const pieces: Uint8Array[] = [];
      const writing = encodeSamples(source.signals, source.blocks(), format);
      let next = writing.next();
      for (; !next.done; next = writing.next()) pieces.push(next.value);
      return { format, sums: next.value, pieces };
    } catch (error) {
      if (!(error instanceof SampleTooWideError)) throw error;
    }
  }
  throw new CheckError("32 bits hold every sample");
}

/** A folder of an import: index, header, signals, annotations. */
export const folderTarget: Target = {
  name: "record-folder",
  inputs: MANY_INPUTS,
  parts: { RECORDS: "text", "r1.hea": "text", "r1.dat": "bytes", "r1.atr": "bytes" },
  tokens: [...headerTokens, "r1", "r2", "../r1", "r1/", ".."],
  examples: () => records.map((record): Input => [utf8("r1\nr2\n"), record.header, record.signals, annotationFiles[0]]),
  open() {
    const folder = temporaryFolder();
    return {
      read(input) {
        writeParts(folder, Object.keys(folderTarget.parts), input);
        const names = findRecordings(folder).recordings.map(({ name }) => name);
        check(names.join() === "r1", `records ${names.join()}`);
        const files = loadRecord(new DiskFolder(folder), "r1");
        check([...files.signals.keys()].every(isPlainFileName), "a file outside of the folder");
        refuseDamaged(readRecord(files).health);
      },
      close: () => rmSync(folder, { recursive: true }),
    };
  },
};

/** The app's sample recordings, which are longer than the other examples. */
export const sampleTarget: Target = {
  name: "sample-record",
  inputs: 20_000,
  parts: { "s01.hea": "text", "s01.dat": "bytes", "s01.atr": "bytes" },
  tokens: [...headerTokens, ...annotationTokens],
  examples() {
    const files = sampleFiles("s01");
    return [Object.keys(sampleTarget.parts).map((name) => files.get(name)!)];
  },
  open: () => ({
    read([header, bytes, annotationBytes]) {
      const read = readRecord({
        name: "s01",
        header,
        signals: new Map([["s01.dat", bytes]]),
        annotator: "atr",
        annotations: annotationBytes,
      });
      checkAnnotations(read.annotations);
      refuseDamaged(read.health);
    },
  }),
};
