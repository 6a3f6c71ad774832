import fc from "fast-check";
import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { makeMat4, makeMat5, type MatVariable } from "../../../../tests/support/mat-files.ts";
import { samplesOf } from "../../../../tests/support/sources.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { findRecordings, recordingFormat } from "../formats.ts";
import { MISSING_VALUE, type RecordingSource } from "../source.ts";
import { encodeUtf8 } from "../text.ts";
import { openMat } from "./source.ts";

const inflate = (bytes: Uint8Array, maxOutputLength: number): Uint8Array => inflateSync(bytes, { maxOutputLength });
/** Two leads with three samples. */
const val: MatVariable = { name: "val", rows: 2, columns: 3, kind: "int16", numbers: [1, -2, 3, -4, -32768, 6] };
const hea =
  "A1 2 500 3 05-May-2020 09:49:17\nA1.mat 16+24 1000/mV 16 0 1 0 0 I\nA1.mat 16+24 4880/mV 16 0 -2 0 0 II\n#Age: 53\n#Dx: 426783006\n";
const open = (bytes: Uint8Array, header: string | null = hea, rate?: number): RecordingSource =>
  openMat({
    file: "A1.mat",
    bytes,
    header: header === null ? null : { file: "A1.hea", bytes: encodeUtf8(header) },
    inflate,
    rate,
  });
const messages = (source: RecordingSource): string => source.findings.map(({ message }) => message).join("\n");
const expected = [Int32Array.of(1, 3, MISSING_VALUE), Int32Array.of(-2, -4, 6)];

describe("openMat", () => {
  it.each<[string, Uint8Array]>([
    ["level 4", makeMat4([val])],
    ["level 5", makeMat5([val])],
    ["level 5, compressed", makeMat5([val], { isCompressed: true })],
    ["level 5, 32-bit", makeMat5([{ ...val, kind: "int32", numbers: [1, -2, 3, -4, 70_000, 6] }])],
    [
      "a struct",
      makeMat5(
        [
          { name: "sex", rows: 1, columns: 1, kind: "uint8", numbers: [1] },
          { ...val, name: "data" },
        ],
        { struct: "ECG" },
      ),
    ],
  ])("reads samples of %s with the header's leads, gains and rate", (name, bytes) => {
    const source = open(bytes);
    expect(source).toMatchObject({ name: "A1", format: "MAT", rate: 500, frames: 3, startsAt: "2020-05-05T09:49:17" });
    expect(source.signals).toEqual([
      { lead: "I", units: "mV", gain: 1000, baseline: 0, samplesPerFrame: 1 },
      { lead: "II", units: "mV", gain: 4880, baseline: 0, samplesPerFrame: 1 },
    ]);
    const last = name.includes("32-bit") ? 70_000 : MISSING_VALUE;
    expect(samplesOf(source)).toEqual([Int32Array.of(1, 3, last), expected[1]]);
    expect(source.comments).toEqual(["Age: 53", "Dx: 426783006"]);
  });

  it("reads a matrix with leads as columns", () => {
    const tall: MatVariable = { ...val, rows: 3, columns: 2, numbers: [1, 3, -32768, -2, -4, 6] };
    expect(samplesOf(open(makeMat5([tall])))).toEqual(expected);
    expect(samplesOf(open(makeMat5([tall]), null, 500))).toEqual(expected);
  });

  it("reads numbers with decimals as physical values", () => {
    const source = open(makeMat5([{ ...val, kind: "float64", numbers: [0.5, -0.25, Number.NaN, 1e-9, 2, 3] }]));
    // The largest value, 3, is to fit into 32 bits.
    expect(source.signals[0]).toMatchObject({ units: "mV", gain: 1e8, baseline: 0 });
    expect(samplesOf(source)).toEqual([Int32Array.of(5e7, MISSING_VALUE, 2e8), Int32Array.of(-2.5e7, 0, 3e8)]);
    expect(messages(source)).toContain("values were rounded to 8 decimals");
  });

  it("takes the rate from a variable, and asks for it where there is none", () => {
    const fs: MatVariable = { name: "Fs", rows: 1, columns: 1, kind: "float64", numbers: [257] };
    const source = open(makeMat5([fs, { ...val, name: "ecg" }]), null);
    expect(source.rate).toBe(257);
    expect(source.signals[0]).toEqual({ lead: "signal 1", units: "", gain: 1, baseline: 0, samplesPerFrame: 1 });
    expect(() => open(makeMat4([val]), null)).toThrow("The sampling rate of A1.mat is not in the file.");
  });

  it("reads a file without its header where that is damaged, and says so", () => {
    const source = open(makeMat4([val]), "?", 300);
    expect(source.rate).toBe(300);
    expect(messages(source)).toContain("A1.mat was read without its header");
  });

  it("reads the samples of a matrix that is cut, and says so", () => {
    const source = open(makeMat4([val]).subarray(0, 24 + 9));
    expect(samplesOf(source)).toEqual([Int32Array.of(1, 3), Int32Array.of(-2, -4)]);
    expect(messages(source)).toContain("A1.mat has 2 of 3 samples of each signal");
  });

  it.each<[string, () => Uint8Array, string]>([
    ["another format", () => new Uint8Array(200).fill(7), "byte 0: this is no MAT file of level 4 or 5"],
    [
      "a file without a matrix",
      () => makeMat5([{ ...val, rows: 1, columns: 1, numbers: [1] }]),
      "no matrix of signals, only val",
    ],
    ["an element that is cut", () => makeMat5([val]).subarray(0, 150), "byte 128: an element has"],
    [
      "compressed data that are damaged",
      () => makeMat5([val], { isCompressed: true }).fill(0xff, 140, 150),
      "byte 136: the compressed data are damaged",
    ],
    [
      "HDF5",
      () => {
        const bytes = makeMat5([val]);
        bytes.set([0x00, 0x02], 124);
        return bytes;
      },
      "version 7.3 (HDF5)",
    ],
  ])("refuses %s, and says where", (_, make, message) => {
    expect(() => open(make())).toThrow(EctopyError);
    expect(() => open(make())).toThrow(message);
  });

  it("refuses a bomb of zeros before it fills the memory", () => {
    const bytes = makeMat5([val], { isCompressed: true });
    const asked: number[] = [];
    const spy = (data: Uint8Array, most: number): Uint8Array => {
      asked.push(most);
      return inflate(data, most);
    };
    openMat({ file: "a.mat", bytes, header: null, inflate: spy, rate: 100 });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toBeLessThanOrEqual(1032 * bytes.length + 1024);
    expect(() => openMat({ file: "a.mat", bytes, header: null, rate: 100 })).toThrow("can't be decompressed");
  });

  it("reads any integers, in any form of the file", () => {
    const inputs = fc.record({
      rows: fc.integer({ min: 1, max: 12 }),
      columns: fc.integer({ min: 13, max: 40 }),
      kind: fc.constantFrom("int8", "uint8", "int16", "int32", "float32", "float64"),
      form: fc.constantFrom("4", "5", "compressed"),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(inputs, ({ rows, columns, kind, form, seed }) => {
        const numbers = Array.from({ length: rows * columns }, (_, i) => (i * 37 + seed) % 120);
        const variable: MatVariable = {
          name: "val",
          rows,
          columns,
          kind: form === "4" && kind === "int8" ? "uint8" : kind,
          numbers,
        };
        const bytes =
          form === "4" ? makeMat4([variable]) : makeMat5([variable], { isCompressed: form === "compressed" });
        const read = samplesOf(open(bytes, null, 500));
        const wide = Array.from({ length: rows }, (_, lead) =>
          Int32Array.from({ length: columns }, (_, i) => numbers[i * rows + lead]),
        );
        expect(read).toEqual(wide);
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});

it("the format takes the header beside it, and is recognised by name and bytes", () => {
  const files = [
    { name: "A1.mat", firstBytes: makeMat4([val]) },
    { name: "A1.hea", firstBytes: encodeUtf8(hea) },
    { name: "B.mat", firstBytes: new Uint8Array(100) },
  ];
  const { recordings, others } = findRecordings(files);
  expect(recordings.map(({ format, files: all }) => [format.id, ...all])).toEqual([
    ["challenge-mat", "A1.mat", "A1.hea"],
  ]);
  expect(others).toEqual(["B.mat"]);
  const opened = recordingFormat("challenge-mat").open(
    "A1.mat",
    new Map(files.map((file) => [file.name, file.firstBytes])),
  );
  expect(opened.signals.map(({ lead }) => lead)).toEqual(["I", "II"]);
});
