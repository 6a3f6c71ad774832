import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeDicom, syntaxes, type DicomFields, type DicomGroup } from "../../../../tests/support/dicom-files.ts";
import { samplesOf } from "../../../../tests/support/sources.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { findRecordings } from "../formats.ts";
import { MISSING_VALUE } from "../source.ts";
import { openDicom } from "./source.ts";

const group: DicomGroup = {
  channels: [
    { code: "5.6.3-9-1", meaning: "Lead I (Einthoven)" },
    { meaning: "Lead AVR", sensitivity: "2.5", correction: "2", baseline: "-10" },
  ],
  samples: [
    [1, -2, 3],
    [4, 5, -32768],
  ],
};
const read = (fields: Partial<DicomFields> = {}) => openDicom(makeDicom({ groups: [group], ...fields }), "a.dcm");
const codes = (groups: readonly DicomGroup[]) => read({ groups }).findings.map(({ code }) => code);

describe("openDicom", () => {
  it.each([
    ["explicit, with lengths", { syntax: syntaxes.explicit }],
    ["implicit, with lengths", { syntax: syntaxes.implicit }],
    ["explicit, with ends", { syntax: syntaxes.explicit, hasLengths: false }],
    ["implicit, with ends", { syntax: syntaxes.implicit, hasLengths: false }],
  ])("reads leads, scale, start and notes: %s", (_, fields) => {
    const source = read(fields);
    expect(source).toMatchObject({ name: "a", format: "DICOM", rate: 500, frames: 3, findings: [] });
    expect(source.startsAt).toBe("2013-01-25T10:59:19");
    expect(source.signals).toEqual([
      { lead: "I", units: "uV", gain: 0.8, baseline: 0, samplesPerFrame: 1 },
      // 5 µV a digit, and −10 µV at 0: the digit of 0 µV is 2.
      { lead: "aVR", units: "uV", gain: 0.2, baseline: 2, samplesPerFrame: 1 },
    ]);
    expect(samplesOf(source)).toEqual([Int32Array.of(1, -2, 3), Int32Array.of(4, 5, -32768)]);
    expect(source.comments).toEqual(["Sex: F", "Name: Doe Jo", "ID: S-1"]);
  });

  it.each([
    [8, "SB", [1, -2, 127]],
    [8, "UB", [1, 2, 255]],
    [16, "US", [1, 2, 65_535]],
    [32, "SL", [1, -2, 2 ** 31 - 1]],
  ] as const)("reads samples of %d bits, %s", (bits, interpretation, samples) => {
    const channels = [{ label: "II" }];
    expect(samplesOf(read({ groups: [{ channels, samples: [samples], form: [bits, interpretation] }] }))).toEqual([
      Int32Array.from(samples),
    ]);
  });

  it("places groups by their offsets, and leaves out the average beat", () => {
    const one = { label: "II" };
    const source = read({
      groups: [
        { channels: [one], samples: [[1, 2]] },
        { channels: [one, { label: "V1" }], samples: [[7], [8]], offset: "8" },
        { channels: [one], samples: [[9, 9, 9]], originality: "DERIVED", label: "MEDIAN BEAT" },
      ],
    });
    const gap = MISSING_VALUE;
    expect(samplesOf(source)).toEqual([Int32Array.of(1, 2, gap, gap, 7), Int32Array.of(gap, gap, gap, gap, 8)]);
    expect(source.findings.map(({ message }) => message)).toEqual([
      "a.dcm: waveforms that were left out: “MEDIAN BEAT” at 500 Hz, derived.",
    ]);
  });

  it("shows padding as missing, and names what is cut or unknown", () => {
    const channels = [{ label: "II" }];
    expect(samplesOf(read({ groups: [{ channels, samples: [[1, -5, 3]], padding: -5 }] }))[0][1]).toBe(MISSING_VALUE);
    const file = makeDicom({ groups: [{ channels, samples: [[1, 2, 3, 4]] }] });
    const cut = openDicom(file.subarray(0, file.length - 3), "a.dcm");
    expect([cut.frames, cut.findings.map(({ code }) => code)]).toEqual([2, ["truncated"]]);
    expect(codes([{ channels: [{ label: "II", sensitivity: "" }], samples: [[1]] }])).toEqual(["no-gain"]);
    expect(codes([{ channels: [{ label: "II", sensitivity: "1e-300" }], samples: [[1]] }])).toEqual(["no-gain"]);
  });

  it("names channels that are odd in the same way at once", () => {
    const channels = Array.from({ length: 300 }, (_, i) => ({ label: `E${i + 1}`, sensitivity: "" }));
    const [only, ...others] = read({ groups: [{ channels, samples: channels.map(() => [1]) }] }).findings;
    expect(others).toEqual([]);
    expect(only.message).toContain("the sensitivity of E1, E2, E3, E4, E5, E6, E7, E8, … (300 channels) is unknown");
    const twice = { channels: [{ label: "II" }, { label: "V1" }], samples: [[1], [2]] };
    const { findings } = read({
      groups: [twice, { ...twice, channels: [{ label: "II" }, { label: "V1", unit: "mV" }] }],
    });
    expect(findings.map(({ message }) => message)).toEqual([
      "a.dcm: pieces of leads were left out, because others are at the same time: II at 0 ms.",
      "a.dcm: pieces of leads were left out, because their scale is another: V1 at 0 ms.",
    ]);
  });

  it("reads annotations at a sample as notes, and others as remarks", () => {
    const source = read({
      annotations: [
        { meaning: "Pacemaker spike", position: 3 },
        { text: "Sinus rhythm" },
        { text: "beyond the end", position: 4 },
        { meaning: "RR interval" },
      ],
    });
    expect(source.annotators).toEqual([
      {
        annotator: "dicom",
        annotations: [{ sample: 2, symbol: '"', subtype: 0, channel: 0, num: 0, aux: "Pacemaker spike" }],
      },
    ]);
    expect(source.comments.at(-1)).toBe("Interpretation: Sinus rhythm");
  });

  const groups = [group];
  it.each<[string, Buffer, string, string]>([
    ["a compressed file", makeDicom({ groups, syntax: syntaxes.deflated }), "unsupported", "is compressed (deflated)"],
    ["big endian", makeDicom({ groups, syntax: syntaxes.bigEndian }), "unsupported", "is in big endian"],
    ["companded samples", makeDicom({ groups: [{ ...group, form: [8, "MB"] }] }), "unsupported", "“MB” with 8 bits"],
    ["no waveform", makeDicom({ groups: [] }), "nothing-usable", "no waveform with samples"],
    ["no rate", makeDicom({ groups: [{ ...group, rate: "0" }] }), "damaged-file", "the sampling rate is “0”"],
    ["another file", Buffer.alloc(200), "damaged-file", "byte 128: “DICM” is missing"],
    ["a broken element", broken(), "damaged-file", "is no value representation"],
  ])("refuses %s", (_, file, code, message) => {
    expect(() => openDicom(file, "a.dcm")).toThrow(expect.objectContaining({ code }) as Error);
    expect(() => openDicom(file, "a.dcm")).toThrow(message);
  });

  function broken(): Buffer {
    const file = makeDicom({ groups });
    file.write("??", file.indexOf("DT"), "latin1");
    return file;
  }

  it("yields a recording or an EctopyError for any change of the file", () => {
    const file = makeDicom({ groups, hasLengths: false });
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), fc.nat(file.length), (at, byte, length) => {
        const changed = Uint8Array.from(file).subarray(0, length);
        if (at < length) changed[at] = byte;
        try {
          samplesOf(openDicom(changed, "a.dcm"));
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
        }
      }),
      { seed: 1 },
    );
  });

  it("is found by its first bytes, without an extension; an image is not", () => {
    const files = [
      { name: "IM0001", firstBytes: makeDicom({ groups }) },
      { name: "IM0002", firstBytes: makeDicom({ groups, syntax: syntaxes.implicit }) },
      { name: "b.dcm", firstBytes: makeDicom({ groups, sopClass: "1.2.840.10008.5.1.4.1.1.2" }) },
    ];
    const { recordings, others } = findRecordings(files);
    expect(recordings.map(({ format, main }) => [format.id, main])).toEqual([
      ["dicom", "IM0001"],
      ["dicom", "IM0002"],
    ]);
    expect(others).toEqual(["b.dcm"]);
  });
});
