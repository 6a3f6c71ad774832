/** Recordings in the formats of other programs, and streams of FLAC: each is a source with sound blocks, or is refused. */
import { inflateSync } from "node:zlib";
import { makeAecg } from "../../../../tests/support/aecg-files.ts";
import { annotationBytes, makeEdf } from "../../../../tests/support/edf-files.ts";
import { int16Bytes, ishneBeats, makeIshne } from "../../../../tests/support/ishne-files.ts";
import { flacStreams } from "../../../../tests/support/flac-files.ts";
import { makeMat4, makeMat5, type MatVariable } from "../../../../tests/support/mat-files.ts";
import { annotation, makeSource } from "../../../../tests/support/sources.ts";
import { isDicomWaveform, openDicom } from "../../../../src/pipeline/recordings/dicom/source.ts";
import { makeDicom, syntaxes, type DicomGroup } from "../../../../tests/support/dicom-files.ts";
import { openMortara } from "../../../../src/pipeline/recordings/mortara/source.ts";
import { makeMortara } from "../../../../tests/support/mortara-files.ts";
import { openAecg } from "../../../../src/pipeline/recordings/aecg/source.ts";
import { readBeatRows } from "../../../../src/pipeline/recordings/delimited/beat-rows.ts";
import { guessLayout } from "../../../../src/pipeline/recordings/delimited/guess.ts";
import { openDelimited } from "../../../../src/pipeline/recordings/delimited/source.ts";
import { openMat } from "../../../../src/pipeline/recordings/challenge-mat/source.ts";
import { openEdf } from "../../../../src/pipeline/recordings/edf/source.ts";
import { writeEdf } from "../../../../src/pipeline/recordings/edf/write-edf.ts";
import { FlacStream } from "../../../../src/pipeline/recordings/flac/stream.ts";
import { openIshne } from "../../../../src/pipeline/recordings/ishne/source.ts";
import type { RecordingSource } from "../../../../src/pipeline/recordings/source.ts";
import { check, checkFinite, MANY_INPUTS, utf8, type Input, type Target } from "../target.ts";

const LATEST_SAMPLE = 2 ** 31 - 1;
/** Blocks that are read: gaps of a month have thousands. */
const MAX_BLOCKS = 200;
/** Samples that a block may have beside those of the input, as 65,536 in each of two signals. */
const MAX_BLOCK_SAMPLES = 1 << 18;

/** @param bytes bytes of the input */
function checkSource(source: RecordingSource, bytes: number): void {
  const { name, frameRate, frames, rate, startsAt, signals, annotators, comments, findings } = source;
  check(/^[\w-]{1,100}$/.test(name), `the name ${name}`);
  checkFinite("the source", [frameRate, frames, rate]);
  check(frameRate > 0 && rate > 0 && Number.isInteger(frames) && frames >= 0, `${frames} frames at ${frameRate} Hz`);
  check(startsAt === null || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/.test(startsAt), `the start ${startsAt}`);
  for (const { gain, baseline, samplesPerFrame } of signals) {
    check(gain !== 0 && Number.isInteger(samplesPerFrame) && samplesPerFrame > 0, "a signal without a gain or samples");
    const extremes = [-(2 ** 23), 2 ** 23].map((sample) => Math.fround((sample - baseline) / gain));
    checkFinite("the physical range", extremes);
  }
  for (const { annotations } of annotators) {
    let previous = 0;
    for (const { sample, symbol, aux } of annotations) {
      check(Number.isInteger(sample) && sample >= previous && sample <= LATEST_SAMPLE, `an annotation at ${sample}`);
      check(symbol.length >= 1 && symbol.length <= 20 && aux.length <= 300, "a text is too long");
      previous = sample;
    }
  }
  check(comments.length <= 100_000, `${comments.length} comments`);
  check(
    findings.length <= 100 && findings.every(({ message }) => message !== "" && message.length < 6000),
    "findings by the hundred, or one that repeats the file",
  );
  let frame = 0;
  let blocks = 0;
  for (const { from, samples } of source.blocks()) {
    check(from === frame, `a block at frame ${from}, after ${frame}`);
    check(samples.length === signals.length, "a block without a signal");
    const count = samples[0].length / signals[0].samplesPerFrame;
    check(Number.isInteger(count) && count > 0, `a block of ${count} frames`);
    for (const [i, each] of samples.entries()) {
      check(each.length === count * signals[i].samplesPerFrame, "signals of different lengths in a block");
    }
    const all = samples.reduce((sum, { length }) => sum + length, 0);
    check(all <= MAX_BLOCK_SAMPLES + 4 * bytes, `a block of ${all} samples`);
    frame += count;
    if (++blocks === MAX_BLOCKS) return;
  }
  check(signals.length === 0 || frame === frames, `${frame} of ${frames} frames`);
}

/** Samples that are decoded: a few bytes may give a minute of a constant. */
const MAX_FLAC_SAMPLES = 20_000;

const edfExamples = [
  makeEdf({
    reserved: "EDF+D",
    signals: [{ samples: 6 }, { label: "V5", samples: 3 }, { label: "EDF Annotations", samples: 40 }],
    data: [0, 1, 5.5].map((start) => [
      [1, -2, 3, 4, 5, -32768],
      [7, 8, 9],
      annotationBytes(start, [
        [start + 0.5, 0, "N", "PVC"],
        [start, 1.5, "Apnea@@V5"],
      ]),
    ]),
  }),
  makeEdf({ isBdf: true, records: "-1", signals: [{ samples: 5 }], data: [[[1, 2, 3, -4, 8388607]]] }),
  Uint8Array.from(
    [
      ...writeEdf(
        makeSource({
          signals: [{ samples: Int32Array.from({ length: 700 }, (_, i) => 100 * Math.sin(i / 9)) }],
          annotations: [annotation(30, "N"), annotation(400, '"', { aux: "a note" })],
        }),
      ).parts(),
    ].flatMap((part) => [...part]),
  ),
];

export const edfTarget: Target = {
  name: "edf",
  inputs: MANY_INPUTS,
  parts: { "r1.edf": "bytes" },
  tokens: [
    ...["EDF+C   ", "EDF+D   ", "BDF+C   ", "EDF Annotations ", "BDF Annotations ", "-1      ", "0       ", "1       "],
    ...[
      "99999999",
      "-32768  ",
      "32767   ",
      "0,1     ",
      "1e-9    ",
      "+0\u0014\u0014\u0000",
      "+1\u00152\u0014N\u0014\u0000",
    ],
    ...["-1\u0014V\u0014\u0000", "+99999999\u0014\u0014\u0000", "Startdate X", "Startdate 02-MAR-2002", "31.12.99"],
  ],
  examples: () => edfExamples.map((bytes) => [bytes]),
  open: () => ({
    read([bytes]) {
      checkSource(openEdf(bytes, "r1.edf"), bytes.length);
    },
  }),
};

const tables: readonly (readonly [table: string, annotations: string])[] = [
  [
    `'Elapsed time','MLII','V5'\n'hh:mm:ss.mmm','mV','mV'\n${Array.from({ length: 30 }, (_, i) => `'0:00.${String(Math.round((i * 1000) / 360)).padStart(3, "0")}',-0.${145 + i},0.0${60 + i}`).join("\n")}\n`,
    "      Time   Sample #  Type  Sub Chan  Num\tAux\n    0:00.050       18     +    0    0    0\t(N\n    0:00.214       77     N    0    0    0\n",
  ],
  [
    `Zeit (ms);II [uV];V1\n${Array.from({ length: 30 }, (_, i) => `${4 * i + (i > 20 ? 100 : 0)};${i - 10},5;${i === 7 ? "NaN" : i}`).join("\n")}\n`,
    'time (s),label,note\n0.5,PVC,"a ""b"", c"\n0.75,artefact,\n0.8,N,x\n',
  ],
  [`# 250 Hz\n${Array.from({ length: 30 }, (_, i) => `${i}\t${(-i * 1e-3).toExponential(18)}`).join("\r\n")}`, ""],
];
const tableTokens = [
  ...[
    ",",
    ";",
    "\t",
    "|",
    " ",
    '"',
    '""',
    "'",
    "\n",
    "\r\n",
    "\r",
    "#",
    "%",
    ".",
    "-",
    "e+00",
    "e-300",
    "NaN",
    "nan",
    "\u00e9",
  ],
  ...[
    "\ufeff",
    "\u0000",
    "time",
    "sample #",
    "symbol",
    "aux",
    "mV",
    "[uV]",
    "Hz",
    "0:00.003",
    "2020-05-05 09:49:17.001",
  ],
];

export const delimitedTarget: Target = {
  name: "text-table",
  inputs: MANY_INPUTS,
  parts: { "r1.csv": "text", "r1_annotations.csv": "text" },
  tokens: tableTokens,
  examples: () => tables.map((parts): Input => parts.map(utf8)),
  open: () => ({
    read([table, annotations]) {
      const guess = guessLayout(table, "r1.csv", true);
      const names = annotations.length === 0 ? [] : [["r1_annotations.csv", annotations] as const];
      check(guess === null || guess.reasons.every((reason) => reason.length < 2000), "a reason repeats the file");
      const layout = guess === null ? undefined : { ...guess.layout, rate: guess.layout.rate ?? 250 };
      const source = openDelimited({ file: "r1.csv", bytes: table, annotations: new Map(names) }, layout);
      checkSource(source, table.length);
    },
  }),
};

const beatTables = ["0.000000000000000000e+00", "2"].map((name) =>
  Array.from({ length: 4 }, (_, row) =>
    [...Array.from({ length: 60 }, (_, i) => ((i * row) % 7) / 8), name].join(","),
  ).join("\n"),
);

export const beatRowsTarget: Target = {
  name: "beat-rows",
  inputs: MANY_INPUTS,
  parts: { "beats.csv": "text" },
  tokens: tableTokens,
  examples: () => beatTables.map((table): Input => [utf8(table)]),
  open: () => ({
    read([table]) {
      const { beats, samples, values, classes, classNames } = readBeatRows(table, "beats.csv");
      check(values.length === beats * samples && classes.length === beats, "beats of another number");
      check(values.length <= 4 * table.length + 1e6, `${values.length} values`);
      checkFinite("the beats", values);
      check(
        classes.every((each) => each < classNames.length),
        "a class without a name",
      );
    },
  }),
};

export const flacTarget: Target = {
  name: "flac",
  inputs: MANY_INPUTS,
  parts: { "r1.dat": "bytes" },
  tokens: ["fLaC", "\u0000\u0000\u0022", "\u00ff\u00f8", "\u00ff\u00f9"],
  examples: () => flacStreams().map((bytes): Input => [bytes]),
  open: () => ({
    read([bytes]) {
      const stream = new FlacStream(bytes, "r1.dat");
      const end = Math.min(stream.length, MAX_FLAC_SAMPLES);
      let at = 0;
      stream.read(0, end, (channels, first) => {
        check(first === at && channels.length === stream.channels, `a frame at ${first}, after ${at}`);
        at += channels[0].length;
        const most = 2 ** (stream.bits + 1);
        check(
          channels.every((channel) => channel.every((sample) => Math.abs(sample) <= most)),
          "a sample of more bits",
        );
      });
    },
  }),
};

const ishneHeader = { leads: [6, 11], text: "a note", sex: 1, born: [7, 4, 1950] } as const;

export const ishneTarget: Target = {
  name: "ishne",
  inputs: MANY_INPUTS,
  parts: { "r1.ecg": "bytes", "r1.ann": "bytes" },
  tokens: ["ISHNE1.0", "ANN  1.0", "!\u0000\u00ff\u00ff", "N\u0000\u00b4\u0000", "\u0000\u0080"],
  examples: () => [
    [
      makeIshne({ ...ishneHeader, data: int16Bytes([1, -2, 3, -32768, 5, 6]) }),
      makeIshne({
        ...ishneHeader,
        signature: "ANN  1.0",
        data: ishneBeats(30, [
          ["N", 180],
          ["!", 65535],
          ["V", 9, "c"],
        ]),
      }),
    ],
  ],
  open: () => ({
    read([signals, annotations]) {
      checkSource(openIshne(signals, "r1.ecg", { file: "r1.ann", bytes: annotations }), signals.length);
    },
  }),
};

const val: MatVariable = {
  name: "val",
  rows: 2,
  columns: 40,
  kind: "int16",
  numbers: Array.from({ length: 80 }, (_, i) => 9 * i),
};
const matHeader = utf8(
  "A1 2 500 40\nA1.mat 16+24 1000/mV 16 0 1 0 0 I\nA1.mat 16+24 4880/mV 16 0 -2 0 0 II\n#Age: 53\n",
);
/** Longest decompressed element that an input may ask for: the app's limit is beyond the bench's memory. */
const MAX_INFLATED_BYTES = 1 << 24;

export const matTarget: Target = {
  name: "mat",
  inputs: MANY_INPUTS,
  parts: { "A1.mat": "bytes", "A1.hea": "text" },
  tokens: [
    "MATLAB",
    "IM",
    "MI",
    "val\u0000",
    "Fs\u0000",
    "\u000e\u0000\u0000\u0000",
    "\u000f\u0000\u0000\u0000",
    "16+24",
    "/mV",
  ],
  examples: () =>
    [
      makeMat4([val]),
      makeMat5([val]),
      makeMat5([{ ...val, kind: "float64" }], { isCompressed: true }),
      makeMat5([{ ...val, name: "data" }], { struct: "ECG" }),
    ].map((bytes): Input => [bytes, matHeader]),
  open: () => ({
    read([bytes, header]) {
      const inflate = (data: Uint8Array, most: number): Uint8Array =>
        inflateSync(data, { maxOutputLength: Math.max(1, Math.min(most, MAX_INFLATED_BYTES)) });
      const files = { file: "A1.mat", bytes, header: { file: "A1.hea", bytes: header }, inflate, rate: 500 };
      checkSource(openMat(files), 1032 * bytes.length);
    },
  }),
};

/** Marks of XML. */
const xmlTokens = [
  ...["<!DOCTYPE a [<!ENTITY b 'c'>]>", "<!--", "-->", "<![CDATA[", "]]>", "&lt;", "&#65;", "&b;"],
  ...["<", ">", "/>", "</", "'", '"', "=", "\u0000", "\u00e9"],
];

export const aecgTarget: Target = {
  name: "aecg",
  inputs: MANY_INPUTS,
  parts: { "r1.xml": "text" },
  tokens: [
    ...xmlTokens,
    ...[
      "<series>",
      "</series>",
      "<digits>",
      "TIME_ABSOLUTE",
      "MDC_ECG_LEAD_V1",
      'unit="ms"',
      'value="0"',
      "TIME_RELATIVE",
      "<annotation>",
      "MDC_ECG_WAVC_QRSWAVE",
    ],
  ],
  examples: () => [
    [utf8(makeAecg({ sets: [{ head: "20021122091000.000", leads: { I: [1, -2, 3], AVR: [4, 5, 6] } }] }))],
    [
      utf8(
        makeAecg({
          sets: [
            { head: "20021122091000.000", leads: { II: [1, 2, 3] } },
            { head: "20021122091000.010", leads: { II: [7, 8], V1: [9, 10] } },
          ],
          after:
            '<subjectOf><annotationSet><component><annotation><code code="MDC_ECG_BEAT"/><value code="MDC_ECG_BEAT_V_P_C"/>' +
            '<support><supportingROI><component><boundary><code code="TIME_ABSOLUTE"/><value><low value="20021122091000.002"/>' +
            '<high value="20021122091000.006"/></value></boundary></component></supportingROI></support></annotation>' +
            "</component></annotationSet></subjectOf>",
        }),
      ),
    ],
  ],
  open: () => ({
    read([bytes]) {
      checkSource(openAecg(bytes, "r1.xml"), bytes.length);
    },
  }),
};

const dicomGroup: DicomGroup = {
  channels: [{ code: "5.6.3-9-1" }, { meaning: "Lead AVR", sensitivity: "2.5", correction: "2", baseline: "-10" }],
  samples: [
    [1, -2, 3, 4],
    [4, 5, -32768, 6],
  ],
};

export const dicomTarget: Target = {
  name: "dicom",
  inputs: MANY_INPUTS,
  parts: { "r1.dcm": "bytes" },
  tokens: [
    ...[
      "DICM",
      "SQ\u0000\u0000",
      "UN\u0000\u0000",
      "OW\u0000\u0000",
      "US\u0002\u0000",
      "DS",
      "MEDIAN BEAT",
      "DERIVED ",
    ],
    ...["\u00fe\u00ff\u0000\u00e0", "\u00fe\u00ff\r\u00e0", "\u00fe\u00ff\u00dd\u00e0", "\u00ff\u00ff\u00ff\u00ff"],
    ...[
      "\u0000T\u0000\u0001",
      "\u0000T\u0010\u0010",
      ":\u0000\u0000\u0002",
      "1.2.840.10008.1.2",
      "1e-300",
      "500000",
      "-0",
    ],
  ],
  examples: () =>
    [
      makeDicom({ groups: [dicomGroup], annotations: [{ text: "a note", position: 2 }] }),
      makeDicom({ groups: [dicomGroup, { ...dicomGroup, offset: "8" }], syntax: syntaxes.implicit, hasLengths: false }),
      makeDicom({ groups: [{ ...dicomGroup, form: [8, "UB"], padding: 5 }], hasLengths: false }),
    ].map((bytes): Input => [bytes]),
  open: () => ({
    read([bytes]) {
      isDicomWaveform(bytes);
      checkSource(openDicom(bytes, "r1.dcm"), bytes.length);
    },
  }),
};

export const mortaraTarget: Target = {
  name: "mortara",
  inputs: MANY_INPUTS,
  parts: { "r1.xml": "text" },
  tokens: [...xmlTokens, "<CHANNEL", 'OFFSET="5"', 'BITS="16"', 'ENCODING="BASE64"', 'SAMPLE_FREQ="0"', "DATA", "AQAC"],
  examples: () => [
    [makeMortara([{ name: "I", samples: [1, -2, 3] }])],
    [
      makeMortara([
        { name: "II", samples: [1, 2, 3], offset: 7 },
        { name: "AVR", samples: [4, 5], rate: 250 },
      ]),
    ],
  ],
  open: () => ({
    read([bytes]) {
      checkSource(openMortara(bytes, "r1.xml"), bytes.length);
    },
  }),
};
