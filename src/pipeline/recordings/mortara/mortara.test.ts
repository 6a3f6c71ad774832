import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeMortara, type ChannelFields } from "../../../../tests/support/mortara-files.ts";
import { samplesOf } from "../../../../tests/support/sources.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { findRecordings } from "../formats.ts";
import { MISSING_VALUE } from "../source.ts";
import { decodeBase64 } from "./base64.ts";
import { openMortara } from "./source.ts";

const read = (channels: readonly ChannelFields[]) => openMortara(makeMortara(channels), "e.xml");
const codes = (channels: readonly ChannelFields[]) => read(channels).findings.map(({ code }) => code);

describe("openMortara", () => {
  it("reads leads, gain, start and notes", () => {
    const source = read([
      { name: "I", samples: [1, -2, 3] },
      { name: "AVR", samples: [4, 32_767], offset: 5 },
    ]);
    expect(source).toMatchObject({ name: "e", format: "Mortara ELI", rate: 500, frames: 3 });
    expect(source.startsAt).toBe("2013-10-03T11:36:37");
    expect(source.signals).toEqual([
      { lead: "I", units: "mV", gain: 400, baseline: 0, samplesPerFrame: 1 },
      { lead: "aVR", units: "mV", gain: 400, baseline: -5, samplesPerFrame: 1 },
    ]);
    expect(samplesOf(source)).toEqual([Int32Array.of(1, -2, 3), Int32Array.of(4, 32_767, MISSING_VALUE)]);
    expect(source.comments).toEqual(["Sex: F", "Age: 50", "Born: 19630102", "Name: Jo Doe", "ID: S-1"]);
    expect(source.findings.map(({ code }) => code)).toEqual(["header"]);
  });

  it("names what is missing, and channels with another rate", () => {
    expect(codes([{ name: "I", samples: [1, 2, 3], data: "AQACAA==" }])).toEqual(["truncated"]);
    const source = read([
      { name: "I", samples: [1] },
      { name: "II", samples: [1], rate: 250 },
    ]);
    expect(source.signals.map(({ lead }) => lead)).toEqual(["I"]);
    expect(source.findings[0].message).toContain("II at 250 Hz");
  });

  it("takes the unit as unknown where the gain is none", () => {
    const file = makeMortara([{ name: "I", samples: [1] }])
      .toString()
      .replace('PER_MV="400"', 'PER_MV="1e-320"');
    expect(openMortara(Buffer.from(file), "e.xml").signals).toMatchObject([{ units: "", gain: 1 }]);
  });

  it.each<[string, readonly ChannelFields[], string]>([
    ["8 bits", [{ name: "I", samples: [1], bits: 8 }], "“8” bits"],
    ["data that are no base64", [{ name: "I", samples: [1], data: "?" }], "are no BASE64"],
    ["no rate", [{ name: "I", samples: [1], rate: 0 }], "the sampling rate is “0”"],
    ["no channel", [], "no channel with samples"],
  ])("refuses %s", (_, channels, message) => {
    expect(() => read(channels)).toThrow(EctopyError);
    expect(() => read(channels)).toThrow(message);
  });

  it("yields a recording or an EctopyError for any change of the file", () => {
    const file = makeMortara([{ name: "I", samples: [1, 2, 3] }]);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), fc.nat(file.length), (at, byte, length) => {
        const changed = Uint8Array.from(file).subarray(0, length);
        if (at < length) changed[at] = byte;
        try {
          samplesOf(openMortara(changed, "e.xml"));
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
        }
      }),
      { seed: 1 },
    );
  });

  it("is found by name and first bytes", () => {
    const file = { name: "e.xml", firstBytes: makeMortara([{ name: "I", samples: [1] }]) };
    expect(findRecordings([file]).recordings.map(({ format }) => format.id)).toEqual(["mortara"]);
  });
});

it("decodes base64 as Node does", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(decodeBase64(Buffer.from(bytes).toString("base64"))).toEqual(Uint8Array.from(bytes));
    }),
    { seed: 1 },
  );
});
