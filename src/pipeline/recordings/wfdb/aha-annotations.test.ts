import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAnnotations, writeAnnotations } from "./annotations.ts";
import { isAhaFile } from "./aha-annotations.ts";
import { withoutNotes } from "./personal-text.ts";

function aha(sample: number, code: string, { subtype = 0, channel = 0, text = "" } = {}): number[] {
  const [high, low] = [sample >>> 16, sample & 0xffff];
  const head = [0, code.charCodeAt(0), high & 0xff, high >> 8, low & 0xff, low >> 8, 1, 0, subtype & 0xff, channel];
  return [...head, ...Buffer.from(text.padEnd(6, "\0"), "latin1")];
}

const file = Uint8Array.from([
  ...aha(250, "N"),
  ...aha(70_000, "V", { subtype: 2, channel: 1, text: "note" }),
  ...aha(70_300, "U"),
  ...aha(70_400, "R"),
  0xff,
]);

describe("annotations in AHA format", () => {
  it("are read with the symbols of WFDB", () => {
    expect(parseAnnotations(file, "1201.atr")).toEqual({
      annotations: [
        { sample: 250, symbol: "N", subtype: 0, channel: 0, num: 0, aux: "" },
        { sample: 70_000, symbol: "V", subtype: 2, channel: 1, num: 0, aux: "note" },
        { sample: 70_300, symbol: "~", subtype: -1, channel: 0, num: 0, aux: "" },
        { sample: 70_400, symbol: "r", subtype: 0, channel: 0, num: 0, aux: "" },
      ],
      timeResolution: null,
      definitions: [],
      findings: [],
    });
  });

  it("are read up to the end of a truncated file, with a warning", () => {
    const { annotations, findings } = parseAnnotations(file.subarray(0, 40), "1201.atr");
    expect(annotations.map(({ sample }) => sample)).toEqual([250, 70_000]);
    expect(findings.map(({ message }) => message)).toEqual(["1201.atr has no end mark: it may be truncated."]);
  });

  it("lose their texts with the personal text of a record", () => {
    const bare = parseAnnotations(withoutNotes(Uint8Array.from([...file, ...Buffer.from("Jane Doe")])), "1201.atr");
    expect(bare.annotations.map(({ symbol, aux }) => symbol + aux)).toEqual(["N", "V", "~", "r"]);
    expect(withoutNotes(file)).toHaveLength(file.length);
  });

  it("are distinguished from MIT's format by their first two bytes", () => {
    expect([isAhaFile(file), isAhaFile(Uint8Array.of(0, 0)), isAhaFile(Uint8Array.of(0x12, 0x70))]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("are not what MIT's writer begins with", () => {
    for (const first of [
      { symbol: "*", sample: 0 },
      { symbol: "T", sample: 512 },
    ]) {
      const annotation = { ...first, subtype: 0, channel: 0, num: 0, aux: "" };
      expect(parseAnnotations(writeAnnotations([annotation]), "r.atr").annotations).toEqual([annotation]);
    }
  });

  it("are returned for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (rest) => {
        const { annotations } = parseAnnotations(Uint8Array.from([0, 78, ...rest]), "r.atr");
        expect(annotations.length).toBeLessThanOrEqual(7);
      }),
    );
  });
});
