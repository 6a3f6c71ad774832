import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { int16Bytes, ishneBeats, makeIshne, type IshneFields } from "../../../../tests/support/ishne-files.ts";
import { annotation, samplesOf } from "../../../../tests/support/sources.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { findRecordings } from "../formats.ts";
import { MISSING_VALUE } from "../source.ts";
import { crc16 } from "./header.ts";
import { openIshne } from "./source.ts";

const fields: IshneFields = { leads: [6, 11, 0], data: int16Bytes([1, 2, 3, -4, -32768, 6]) };
const open = (change: Partial<IshneFields> = {}, annotations?: Uint8Array) =>
  openIshne(
    makeIshne({ ...fields, ...change }),
    "a.ecg",
    annotations === undefined ? null : { file: "a.ann", bytes: annotations },
  );
const messages = (source: ReturnType<typeof open>): string => source.findings.map(({ message }) => message).join("\n");

describe("openIshne", () => {
  it("reads leads, resolution, start, notes and missing samples", () => {
    const source = open({
      resolutions: [2500, 1000, 4880],
      sex: 2,
      born: [7, 4, 1950],
      firstName: "Ada",
      text: "night\r\nno events",
    });
    expect(source).toMatchObject({ name: "a", format: "ISHNE", rate: 200, frames: 2, findings: [] });
    expect(source.startsAt).toBe("2011-04-05T06:07:08");
    expect(source.signals).toEqual([
      { lead: "II", units: "mV", gain: 400, baseline: 0, samplesPerFrame: 1 },
      { lead: "V1", units: "mV", gain: 1000, baseline: 0, samplesPerFrame: 1 },
      { lead: "signal 3", units: "mV", gain: 1e6 / 4880, baseline: 0, samplesPerFrame: 1 },
    ]);
    expect(samplesOf(source)).toEqual([Int32Array.of(1, -4), Int32Array.of(2, MISSING_VALUE), Int32Array.of(3, 6)]);
    expect(source.comments).toEqual(["Age: 60  Sex: F", "Name: Ada", "Recorder: digital", "night", "no events"]);
  });

  it("reads beats, and passes timeouts", () => {
    const beats = ishneBeats(100, [
      ["N", 180],
      ["V", 120, "c"],
      ["!", 65535],
      ["S", 9],
      ["X", 5],
      ["C", 5],
      ["z", 1],
    ]);
    const source = open({}, makeIshne({ ...fields, signature: "ANN  1.0", dataOffset: 0, data: beats }));
    expect(source.annotators).toEqual([
      {
        annotator: "ann",
        annotations: [
          annotation(280, "N"),
          annotation(400, "V", { aux: "c" }),
          annotation(65944, "S"),
          annotation(65949, "|"),
          annotation(65955, '"', { aux: "ISHNE label “z”" }),
        ],
      },
    ]);
    expect(messages(source)).toBe(
      "a.ann has 1 timeouts of 65,535 samples without a beat.\na.ann: 1 calibration pulses were excluded.",
    );
  });

  it.each<[string, Partial<IshneFields>, string]>([
    ["a wrong checksum", { checksum: 0x1234 }, "byte 8: the header's checksum is 1234, and its bytes have"],
    ["no checksum", { checksum: 0 }, "a.ecg has no checksum"],
    ["another number of samples", { samples: 99 }, "has 2 samples of each lead, and its header announces 99"],
    ["a wrong offset", { dataOffset: 9 }, "its data begin at byte 9; they were read from byte 522"],
    ["no resolution", { resolutions: [0, 1, 1] }, "byte 206: the resolution of 1 leads is unknown"],
  ])("reads a file with %s, and says so", (_, change, expected) => {
    const source = open(change);
    expect(samplesOf(source)[0]).toEqual(Int32Array.of(1, -4));
    expect(messages(source)).toContain(expected);
    expect(source.findings[0].code).toMatch(/^(?:checksum|header|no-gain)$/);
  });

  it("accepts the samples of all leads in the header", () => {
    expect(open({ samples: 6 }).findings).toEqual([]);
  });

  it.each<[string, () => unknown, string]>([
    ["a header that is cut", () => openIshne(makeIshne(fields).subarray(0, 300), "a.ecg"), "it has 300 of 522 bytes"],
    ["another signature", () => open({ signature: "ISHNE2.0" }), "byte 0: this is no ISHNE header"],
    ["no leads", () => open({ leads: [] }), "byte 156: 0 leads"],
    ["no rate", () => open({ rate: 0 }), "byte 272: the sampling rate is 0 Hz"],
    ["no samples", () => open({ data: int16Bytes([1, 2]) }), "a.ecg has no samples"],
    [
      "an annotation file without a beat",
      () => open({}, makeIshne({ ...fields, signature: "ANN  1.0", data: new Uint8Array(2) })),
      "a.ann ends before its first beat at byte 522",
    ],
  ])("refuses %s, and says where", (_, read, expected) => {
    expect(read).toThrow(EctopyError);
    expect(read).toThrow(expected);
  });

  it("reads any samples of any number of leads", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.integer({ min: -32767, max: 32767 }), { minLength: 12, maxLength: 60 }),
        (width, all) => {
          const frames = Math.floor(all.length / width);
          const source = openIshne(makeIshne({ leads: Array<number>(width).fill(5), data: int16Bytes(all) }), "a.ecg");
          const expected = Array.from({ length: width }, (_, lead) =>
            Int32Array.from({ length: frames }, (_, i) => all[i * width + lead]),
          );
          expect(samplesOf(source)).toEqual(expected);
        },
      ),
      { seed: 1 },
    );
  });

  it("takes the annotation file beside it", () => {
    const files = ["a.ecg", "A.ANN", "b.ann"].map((name) => {
      const bytes =
        name === "a.ecg"
          ? makeIshne(fields)
          : makeIshne({ ...fields, signature: "ANN  1.0", data: ishneBeats(1, [["N", 1]]) });
      return { name, firstBytes: bytes };
    });
    const { recordings, others } = findRecordings(files);
    expect(recordings.map(({ format, files: all }) => [format.id, ...all])).toEqual([["ishne", "a.ecg", "A.ANN"]]);
    expect(others).toEqual(["b.ann"]);
    const opened = recordings[0].format.open(
      "a.ecg",
      new Map(files.slice(0, 2).map((file) => [file.name, file.firstBytes])),
    );
    expect(opened.annotators[0].annotations).toEqual([annotation(2, "N")]);
  });
});

it("crc16 has the check value of CRC-16/CCITT-FALSE", () => {
  expect(crc16(new TextEncoder().encode("123456789"))).toBe(0x29b1);
});
