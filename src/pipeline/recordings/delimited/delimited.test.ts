import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { annotation, makeSource, samplesOf } from "../../../../tests/support/sources.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { findRecordings, recordingFormat } from "../formats.ts";
import { MISSING_VALUE, type RecordingSource } from "../source.ts";
import { encodeUtf8 } from "../text.ts";
import { readBeatRows } from "./beat-rows.ts";
import { DecimalParser } from "./decimals.ts";
import { guessLayout } from "./guess.ts";
import type { DelimitedLayout } from "./layout.ts";
import { RowReader } from "./rows.ts";
import { openDelimited } from "./source.ts";
import { likelyRate } from "./times.ts";
import { writeAnnotationsCsv, writeBeatsCsv, writeSignalsCsv } from "./write-csv.ts";

const guess = (text: string, file = "a.csv") => guessLayout(encodeUtf8(text), file, true)!;
function open(text: string, layout?: DelimitedLayout, annotations: Record<string, string> = {}): RecordingSource {
  const others = new Map(Object.entries(annotations).map(([name, each]) => [name, encodeUtf8(each)]));
  return openDelimited({ file: "a.csv", bytes: encodeUtf8(text), annotations: others }, layout);
}
const physical = (source: RecordingSource): number[][] =>
  samplesOf(source).map((samples, i) => Array.from(samples, (sample) => sample / source.signals[i].gain));
const messages = (source: RecordingSource): string => source.findings.map(({ message }) => message).join("\n");

/** As `rdsamp -c -p -v` and PhysioBank ATM write MIT-BIH's record 100. */
const atm = [
  "'Elapsed time','MLII','V5'",
  "'hh:mm:ss.mmm','mV','mV'",
  "'0:00.000',-0.145,-0.065",
  "'0:00.003',-0.145,-0.065",
  "'0:00.006',-0.120,-0.060",
  "'0:00.008',-0.135,-0.065",
  "'0:00.011',-0.145,-0.080",
  "'0:00.014',-0.150,-0.085",
  "'0:00.017',-0.160,-0.085",
  "",
].join("\n");

describe("guessLayout", () => {
  it("knows PhysioNet's tables: names and units in quotes, elapsed time", () => {
    const { layout, reasons, names, rows } = guess(atm);
    expect(layout).toEqual({
      holds: "signals",
      separator: ",",
      decimalComma: false,
      headerLines: 2,
      columns: [
        { role: "time", unit: "clock" },
        { role: "lead", lead: "MLII", units: "mV" },
        { role: "lead", lead: "V5", units: "mV" },
      ],
      rate: null,
      classNames: null,
    });
    expect(names).toEqual(["Elapsed time", "MLII", "V5"]);
    expect(rows[0]).toEqual(["0:00.000", "-0.145", "-0.065"]);
    expect(reasons).toEqual([
      "Columns are separated by commas: 100 % of the lines have 3.",
      "Names are in the first 2 lines.",
      "Column 1, “Elapsed time”, is the time, in hours, minutes and seconds.",
      "2 columns are leads.",
    ]);
  });

  it("knows Kaggle's tables of MIT-BIH: a counter, and leads without a unit", () => {
    const { layout } = guess("'sample #','MLII','V5'\n0,995,1011\n1,995,1011\n2,995,1011\n3,995,1011\n");
    expect(layout.columns).toEqual([
      { role: "time", unit: "sample" },
      { role: "lead", lead: "MLII", units: "" },
      { role: "lead", lead: "V5", units: "" },
    ]);
  });

  it.each<[string, string, Partial<DelimitedLayout>]>([
    [
      "semicolons and a decimal comma",
      "t;II\n0,000;0,5\n0,004;-0,25\n0,008;1,0\n",
      { separator: ";", decimalComma: true },
    ],
    ["tabs", "I\tII\n1\t2\n3\t4\n5\t6\n", { separator: "\t", headerLines: 1 }],
    ["spaces", "  1   2\n 30  4\n  5 600\n", { separator: " ", headerLines: 0 }],
    ["one column", "1.5\n2.5\n3\n", { columns: [{ role: "lead", lead: "", units: "" }] }],
    [
      "a unit beside the name",
      "MLII [uV],V1_mV\n1,2\n3,4\n5,6\n",
      {
        columns: [
          { role: "lead", lead: "MLII", units: "uV" },
          { role: "lead", lead: "V1", units: "mV" },
        ],
      },
    ],
    ["a stated rate", "# Sampling rate: 250 Hz\nII\n1\n2\n4\n", { rate: 250, headerLines: 1 }],
    [
      "milliseconds",
      "time (ms),II\n0,1\n4,2\n8,3\n",
      {
        columns: [
          { role: "time", unit: "ms" },
          { role: "lead", lead: "II", units: "" },
        ],
      },
    ],
    [
      "unnamed even times",
      "0.000,1\n0.004,7\n0.008,-3\n0.012,5\n",
      {
        columns: [
          { role: "time", unit: "s" },
          { role: "lead", lead: "", units: "" },
        ],
      },
    ],
    [
      "a preamble of many lines",
      `Device: X\nOperator: Y\nSerial;12\n\nI,II\n${"1,2\n".repeat(40)}`,
      { headerLines: 4, separator: "," },
    ],
  ])("finds %s", (_, text, expected) => {
    expect(guess(text).layout).toMatchObject(expected);
  });

  it("tells beats as rows from signals", () => {
    const row = (beat: number): string =>
      [...Array.from({ length: 187 }, (_, i) => ((i * beat) % 7) / 7), beat % 5].join(",");
    const text = Array.from({ length: 12 }, (_, i) => row(i)).join("\n");
    const { layout, reasons } = guess(text, "mitbih_train.csv");
    expect(layout).toMatchObject({ holds: "beats", rate: 125, headerLines: 0, classNames: ["N", "S", "V", "F", "Q"] });
    expect(layout.columns.filter(({ role }) => role === "value")).toHaveLength(187);
    expect(reasons).toContain("187 samples and a class are the form of Kaggle's heartbeat tables, at 125 Hz.");
    expect(guess(text, "other.csv").layout.classNames).toBeNull();
  });

  it("knows what rdann prints", () => {
    const { layout } = guess(
      "      Time   Sample #  Type  Sub Chan  Num\tAux\n    0:00.050       18     +    0    0    0\t(N\n    0:00.214       77     N    0    0    0\n    0:01.028      370     N    0    0    0\n",
      "100annotations.txt",
    );
    expect(layout.holds).toBe("annotations");
    expect(layout.columns.map(({ role }) => role)).toEqual([
      "ignored",
      "time",
      "symbol",
      "ignored",
      "channel",
      "ignored",
      "text",
    ]);
  });

  it.each([
    ["prose", "This is a note.\nIt has lines, and commas.\nBut no table.\n"],
    ["nothing", ""],
    ["a list of patients", "record,patient\n100,1\n101,2\n102,3\n"],
    ["a list of recordings", "A0001,5,,\nA0002,1,,\nA0003,1,2,\n"],
    [
      "a table of facts",
      "ecg_id,patient_id,age,sex,report\n1,15709,56,1,sinus rhythm\n2,13243,19,0,sinus bradycardia\n",
    ],
    ["UTF-16", "1\0,\u00002\0\n\u0000"],
  ])("takes %s for no table", (_, text) => {
    expect(guessLayout(encodeUtf8(text), "a.txt", true)).toBeNull();
  });

  it("does not read the last line of a part", () => {
    const part = guessLayout(encodeUtf8("1,2\n3,4\n5,6\n7"), "a.csv")!;
    expect(part.rows).toEqual([
      ["1", "2"],
      ["3", "4"],
      ["5", "6"],
    ]);
  });
});

describe("openDelimited", () => {
  it("reads values exactly, and the rate from rounded times", () => {
    const source = open(atm);
    expect(source).toMatchObject({ name: "a", format: "CSV", rate: 360, frameRate: 360, frames: 7, findings: [] });
    expect(source.signals[0]).toEqual({ lead: "MLII", units: "mV", gain: 1000, baseline: 0, samplesPerFrame: 1 });
    expect(physical(source)[0]).toEqual([-0.145, -0.145, -0.12, -0.135, -0.145, -0.15, -0.16]);
  });

  it("asks for a sampling rate that is not in the file", () => {
    const text = "II\n1\n2\n4\n";
    expect(() => open(text)).toThrow("The sampling rate of a.csv is not in the file.");
    expect(open(text, { ...guess(text).layout, rate: 500 }).rate).toBe(500);
  });

  it("reads CRLF, a byte order mark, comments, blank lines, quotes and missing cells", () => {
    const text = '\ufeff"Ableitung für V5",II\r\n# 100 Hz\r\n"1.5",NaN\r\n\r\n2.5,\r\n-3,7e-1\r\n4,5\r\n';
    const source = open(text);
    expect(source.signals.map(({ lead }) => lead)).toEqual(["Ableitung für V5", "II"]);
    expect(samplesOf(source)).toEqual([
      Int32Array.of(15, 25, -30, 40),
      Int32Array.of(MISSING_VALUE, MISSING_VALUE, 7, 50),
    ]);
    expect(source.findings).toEqual([]);
  });

  it("names cells that are no numbers, and rows of another width", () => {
    const source = open("# 100 Hz\n1,2\n3,x\n5\n6,7,8\n9,10\n1,2\n1,2\n");
    expect(samplesOf(source)[1]).toEqual(Int32Array.of(2, MISSING_VALUE, MISSING_VALUE, 7, 10, 2, 2));
    expect(messages(source)).toContain("1 cells are no numbers, the first in line 3");
    expect(messages(source)).toContain("1 rows have too few columns");
    expect(messages(source)).toContain("1 rows have too many columns");
  });

  it("shows gaps in the times as missing samples, and says that times go backwards", () => {
    const times = [0, 4, 8, 24, 28, 20, 32];
    const source = open(`ms,II\n${times.map((time, i) => `${time},${i + 1}`).join("\n")}\n`);
    const gap = MISSING_VALUE;
    expect(samplesOf(source)).toEqual([Int32Array.of(1, 2, 3, gap, gap, gap, 4, 5, 6, gap, gap, 7)]);
    expect(source.rate).toBe(250);
    expect(messages(source)).toContain("the time goes backwards 1 times");
    expect(messages(source)).toContain("has 2 gaps");
  });

  it("has the date and time of the first row", () => {
    const rows = [0, 4, 8, 12].map((ms) => `2020-05-05 09:49:17.0${String(ms).padStart(2, "0")},${ms}`);
    const source = open(`timestamp,II\n${rows.join("\n")}\n`);
    expect(source).toMatchObject({ startsAt: "2020-05-05T09:49:17.000", rate: 250 });
  });

  it("reads values of full floating-point precision to nine digits", () => {
    const values = [0.14500000000000002, -1.2345678901234567, 3e-7];
    const source = open(`# 100 Hz\nII\n${values.join("\n")}\n`);
    for (const [i, value] of physical(source)[0].entries()) expect(Math.abs(value - values[i])).toBeLessThan(1e-9);
    expect(messages(source)).toContain("values of 1 leads were rounded");
  });

  it("reads annotations beside the signals", () => {
    const printed =
      "      Time   Sample #  Type  Sub Chan  Num\tAux\n    0:00.050       18     +    0    0    0\t(N\n    0:00.214       77     V    0    1    0\n";
    const source = open(atm, undefined, {
      "a_annotations.txt": printed,
      "b.csv": "time (s),label\n0.5,PVC\n0.75,artefact\n0.8,N\n",
    });
    const noted = open(atm, undefined, { "c.csv": 'time (s),label,note\n0.5,PVC,"a ""b"", c"\n0.75,N,x y\n' });
    expect(noted.annotators[0].annotations).toEqual([
      annotation(180, "V", { aux: 'a "b", c' }),
      annotation(270, "N", { aux: "x y" }),
    ]);
    expect(source.annotators[0].annotations).toEqual([
      annotation(18, "+", { aux: "(N" }),
      annotation(77, "V", { channel: 1 }),
      annotation(180, "V"),
      annotation(270, '"', { aux: "artefact" }),
      annotation(288, "N"),
    ]);
  });

  it.each<[string, string, string]>([
    ["a line without end", `1,2\n3,4\n5,6\n7,8\n${"1".repeat(1_500_000)}`, "line 5: it has more than"],
    ["a quote that is never closed", `1,2\n3,4\n5,6\n7,8\n"${"1\n".repeat(750_000)}`, "line 5: it has more than"],
    ["prose", "A note.\nAnother note.\n", "a.csv is no table of numbers"],
  ])("refuses %s, and says where", (_, text, expected) => {
    expect(() => open(`# 100 Hz\n${text}`)).toThrow(EctopyError);
    expect(() => open(text)).toThrow(expected);
  });

  it("reads a file in blocks, whatever their borders", () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i / 1000},${(i % 997) / 100}`);
    const bytes = encodeUtf8(`time,II\r\n${rows.join("\r\n")}`);
    const scratch = new Uint8Array(1 << 19);
    const changing = {
      length: bytes.length,
      subarray(from: number, to: number) {
        scratch.fill(0x41).set(bytes.subarray(from, to));
        return scratch.subarray(0, to - from);
      },
    };
    const source = openDelimited({ file: "a.csv", bytes: changing, annotations: new Map() });
    expect(source).toMatchObject({ rate: 1000, frames: 60_000 });
    expect(samplesOf(source)[0]).toEqual(Int32Array.from(rows, (_, i) => i % 997));
  });
});

describe("RowReader", () => {
  it("reads cells that were quoted by RFC 4180", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "1", '"', ",", "\n", "\r\n", " ", ";", "é"), maxLength: 8 });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(table, (rows) => {
        const text = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(",")).join("\n");
        const reader = new RowReader(encodeUtf8(text), "a.csv", ",");
        const read: string[][] = [];
        while (reader.next()) read.push(Array.from({ length: reader.count }, (_, i) => reader.text(i)));
        expect(read).toEqual(rows);
      }),
      { seed: 1 },
    );
  });
});

describe("DecimalParser", () => {
  it("parses the number that JavaScript parses, with a point or a comma", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
          fc.integer().map(String),
          fc.tuple(fc.integer(), fc.nat()).map(([a, b]) => `${a}.${b}`),
          fc.double({ noNaN: true, min: -100, max: 100 }).map((value) => value.toExponential(18)),
        ),
        fc.boolean(),
        (text, comma) => {
          const parser = new DecimalParser(comma);
          const bytes = encodeUtf8(`x${comma ? text.replace(".", ",") : text}x`);
          expect(parser.parse(bytes, 1, bytes.length - 1)).toBe(true);
          expect(parser.value).toBe(Number(text) + 0);
        },
      ),
      { seed: 1, numRuns: 1000 },
    );
  });

  it.each(["", "-", ".", "1.2.3", "0x10", "1e", "1e999", "1_000", "Infinity", "1 2"])(
    "takes %j for no number",
    (text) => {
      expect(new DecimalParser(false).parse(encodeUtf8(text), 0, text.length)).toBe(false);
    },
  );
});

describe("likelyRate", () => {
  it.each([
    [359.7, 0.002, 360],
    [128.0001, 1e-6, 128],
    [333.333333, 1e-9, 333.333333],
    [777.00001, 1e-6, 777],
  ])("takes %d Hz with a relative error of %d for %d Hz", (measured, error, rate) => {
    expect(likelyRate(measured, error)).toBe(rate);
  });
});

describe("readBeatRows", () => {
  const rows = [
    [0.5, 1, 0, "0.000000000000000000e+00"],
    [1, 0.25, 0, "2.000000000000000000e+00"],
    [1, 0.75, 0.125, "0.000000000000000000e+00"],
  ];
  const padded = rows.map((row) => [...row.slice(0, 3), ...Array<number>(184).fill(0), row[3]].join(","));

  it("reads values, classes and the rate", () => {
    const read = readBeatRows(encodeUtf8(padded.join("\n")), "mitbih_test.csv");
    expect(read).toMatchObject({ beats: 3, samples: 187, rate: 125, classNames: ["N", "V"] });
    expect(read.values.subarray(187, 190)).toEqual(Float32Array.of(1, 0.25, 0));
    expect([...read.classes]).toEqual([0, 1, 0]);
    expect(read.findings.map(({ message }) => message).join("\n")).toContain("The patients of these beats are unknown");
  });

  it("excludes rows that are no beats, and says which", () => {
    const read = readBeatRows(encodeUtf8([...padded, "1,2,3", padded[0].replace("0.5", "x")].join("\n")), "mitbih.csv");
    expect(read.beats).toBe(3);
    expect(read.findings[0].message).toContain("2 rows are no beats, the first in line 4");
  });

  it("reads what writeBeatsCsv writes", () => {
    const beats = fc.array(
      fc.tuple(
        fc.array(fc.float({ noNaN: true, min: -5, max: 5 }), { minLength: 50, maxLength: 50 }),
        fc.constantFrom("N", "V", "a b"),
      ),
      { minLength: 3, maxLength: 9 },
    );
    fc.assert(
      fc.property(beats, (all) => {
        const names = [...new Set(all.map(([, name]) => name))].sort();
        const made = {
          beats: all.length,
          samples: 50,
          values: Float32Array.from(all.flatMap(([values]) => values.map((value) => value + 0))),
          classes: Uint8Array.from(all, ([, name]) => names.indexOf(name)),
          classNames: names,
          classTexts: names,
          rate: null,
          findings: [],
        };
        const read = readBeatRows(encodeUtf8([...writeBeatsCsv(made)].join("")), "a.csv");
        expect({ ...read, findings: [] }).toEqual(made);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it("refuses a table of signals", () => {
    expect(() => readBeatRows(encodeUtf8(atm), "a.csv")).toThrow("The rows of a.csv are no beats.");
    expect(() => open(padded.join("\n"))).toThrow("The rows of a.csv are beats, not samples.");
  });
});

describe("writeSignalsCsv and writeAnnotationsCsv", () => {
  it("write what openDelimited reads", () => {
    const inputs = fc.record({
      samples: fc.array(fc.oneof(fc.integer({ min: -3000, max: 3000 }), fc.constant(MISSING_VALUE)), {
        minLength: 30,
        maxLength: 80,
      }),
      rate: fc.constantFrom(360, 250, 128, 1000, 257),
      gain: fc.constantFrom(200, 1000, 100),
    });
    fc.assert(
      fc.property(inputs, ({ samples, rate, gain }) => {
        const all = Int32Array.from([1, ...samples]);
        const made = makeSource({
          frameRate: rate,
          signals: [
            { samples: all, gain },
            { samples: all.map((_, i) => i), gain: 1, units: "", lead: "raw, 2" },
          ],
          annotations: [
            annotation(2, '"', { aux: 'a "note", # 2' }),
            annotation(5, "V", { channel: 1 }),
            annotation(9, "+", { aux: "(AFIB" }),
          ],
          blockFrames: 17,
        });
        const text = [...writeSignalsCsv(made)].join("");
        const notes = [...writeAnnotationsCsv(made.annotators[0].annotations, rate)].join("");
        const read = open(text, undefined, { "a_annotations.csv": notes });
        expect(read.rate).toBe(rate);
        expect(read.signals.map(({ lead, units }) => [lead, units])).toEqual([
          ["MLII", "mV"],
          ["raw, 2", ""],
        ]);
        const expected = Array.from(all, (sample) => (sample === MISSING_VALUE ? null : sample / gain));
        const there = samplesOf(read)[0];
        expect(physical(read)[0].map((value, i) => (there[i] === MISSING_VALUE ? null : value))).toEqual(expected);
        expect(read.annotators[0].annotations).toEqual(made.annotators[0].annotations);
        expect(read.findings).toEqual([]);
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});

describe("the formats", () => {
  it("group a table with its annotations, and tell beats and notes apart", () => {
    const texts: Record<string, string> = {
      "100.csv": atm,
      "100annotations.txt": "Time Sample # Type Sub Chan Num Aux\n0:00.050 18 + 0 0 0 (N\n0:00.214 77 N 0 0 0\n",
      "readme.txt": "Recordings of two patients.\n",
      "beats.csv": Array.from({ length: 5 }, () => [...Array<number>(187).fill(0.5), 1].join(",")).join("\n"),
      "data.bin": "1,2\n3,4\n5,6\n",
    };
    const { recordings, others } = findRecordings(
      Object.entries(texts).map(([name, text]) => ({ name, firstBytes: encodeUtf8(text) })),
    );
    expect(recordings.map(({ format, files }) => [format.id, ...files])).toEqual([
      ["delimited", "100.csv", "100annotations.txt"],
      ["beat-rows", "beats.csv"],
    ]);
    expect(others).toEqual(["readme.txt", "data.bin"]);
    const files = new Map(recordings[0].files.map((name) => [name, encodeUtf8(texts[name])]));
    expect(recordings[0].format.open("100.csv", files).annotators[0].annotations).toHaveLength(2);
    expect(() => recordingFormat("beat-rows").open("beats.csv", files)).toThrow("The rows of beats.csv are beats");
  });
});
