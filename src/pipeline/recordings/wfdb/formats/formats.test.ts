import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EctopyError } from "../../../../contract/domain/errors.ts";
import { format16 } from "./16.ts";
import { format212 } from "./212.ts";
import { signalFormat, signalFormats } from "./index.ts";

/** Decodes all samples. */
function decodeAll(format: (typeof signalFormats)[number], bytes: Uint8Array, count: number): Int32Array {
  const samples = new Int32Array(count);
  format.decode(bytes, 0, count, samples);
  return samples;
}

describe("format 212", () => {
  it("has the second sample's high bits in the high nibble of the middle byte", () => {
    // 0x3e3 = 995 and 0x3f3 = 1011, the first samples of record 100: e3, then 3 and 3, then f3.
    expect([...decodeAll(format212, Uint8Array.of(0xe3, 0x33, 0xf3), 2)]).toEqual([995, 1011]);
    // 0xfff = −1 and 0x801 = −2047; 0x800 = −2048 and 0x7ff = 2047.
    expect([...decodeAll(format212, Uint8Array.of(0xff, 0x8f, 0x01), 2)]).toEqual([-1, -2047]);
    expect([...decodeAll(format212, Uint8Array.of(0x00, 0x78, 0xff), 2)]).toEqual([-2048, 2047]);
  });

  it("has two bytes for an unpaired last sample", () => {
    expect([format212.bytesFor(1), format212.bytesFor(2), format212.bytesFor(3)]).toEqual([2, 3, 5]);
    expect([0, 1, 2, 3, 4, 5, 6].map((bytes) => format212.samplesIn(bytes))).toEqual([0, 0, 1, 2, 2, 3, 4]);
    expect([...format212.encode(Int32Array.of(995, 1011, -2))]).toEqual([0xe3, 0x33, 0xf3, 0xfe, 0x0f]);
  });
});

describe("format 16", () => {
  it("has the low byte first, in two's complement", () => {
    expect([...decodeAll(format16, Uint8Array.of(0x34, 0x12, 0xff, 0xff, 0x00, 0x80), 3)]).toEqual([
      0x1234, -1, -32768,
    ]);
    expect([...format16.encode(Int32Array.of(0x1234, -1, -32768))]).toEqual([0x34, 0x12, 0xff, 0xff, 0x00, 0x80]);
  });
});

describe("formats of whole bytes", () => {
  it.each([
    [24, [0x56, 0x34, 0x12, 0xff, 0xff, 0xff, 0x00, 0x00, 0x80], [0x123456, -1, -(2 ** 23)]],
    [32, [0x78, 0x56, 0x34, 0x12, 0xfe, 0xff, 0xff, 0xff], [0x12345678, -2]],
    [61, [0x12, 0x34, 0xff, 0xfe, 0x80, 0x00], [0x1234, -2, -32768]],
    [80, [0, 128, 255], [-128, 0, 127]],
    [160, [0x00, 0x80, 0xff, 0xff, 0x00, 0x00], [0, 32767, -32768]],
    [8, [0x01, 0xff, 0x80], [1, -1, -128]],
  ])("have the order and the sign of format %i", (code, bytes, samples) => {
    expect([...decodeAll(signalFormat(code, ""), Uint8Array.from(bytes), samples.length)]).toEqual(samples);
  });
});

describe("formats of three samples in four bytes", () => {
  it("have bits 1 to 10 of two words and their upper bits in format 310", () => {
    // Words 0b10101_0000000011_0 and 0b01111_1111111110_0: 3, −2, and 0b01111_10101 = 501.
    const words = [0b1010100000000110, 0b0111111111111100];
    const bytes = Uint8Array.from(words.flatMap((word) => [word & 0xff, word >> 8]));
    expect([...decodeAll(signalFormat(310, ""), bytes, 3)]).toEqual([3, -2, 0b0111110101]);
  });

  it("have ten bits each in format 311, and ignore the highest two", () => {
    const word = 5 | ((-7 & 0x3ff) << 10) | (511 << 20) | (3 << 30);
    const bytes = Uint8Array.from([0, 8, 16, 24].map((shift) => word >>> shift));
    expect([...decodeAll(signalFormat(311, ""), bytes, 3)]).toEqual([5, -7, 511]);
  });
});

describe.each(signalFormats)("format $code", (format) => {
  it("decodes what it encodes, from any offset", () => {
    const samples = fc.array(fc.integer({ min: format.missing, max: format.highest }), { maxLength: 50 });
    fc.assert(
      fc.property(samples, fc.nat({ max: 5 }), (values, offset) => {
        const encoded = format.encode(Int32Array.from(values));
        expect(encoded.length).toBe(format.bytesFor(values.length));
        // The last group of a packing may have room for samples beyond the last.
        const there = format.samplesIn(encoded.length);
        expect(there).toBeGreaterThanOrEqual(values.length);
        expect(there).toBeLessThan(values.length + format.packed);
        const file = new Uint8Array(offset + encoded.length);
        file.set(encoded, offset);
        const decoded = new Int32Array(values.length);
        format.decode(file, offset, values.length, decoded);
        expect([...decoded]).toEqual(values);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it("yields samples within its range for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const samples = decodeAll(format, bytes, format.samplesIn(bytes.length));
        return samples.every((sample) => sample >= format.missing && sample <= format.highest);
      }),
      { seed: 4, numRuns: 200 },
    );
  });
});

describe("signalFormat", () => {
  it("names the file and the supported formats for an unknown format", () => {
    expect(signalFormat(212, "r.dat")).toBe(format212);
    expect(() => signalFormat(7, "r.dat")).toThrow(EctopyError);
    expect(() => signalFormat(99, "r.dat")).toThrow(
      "The signal file r.dat has WFDB format 99; supported formats are " +
        "8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516 and 524.",
    );
  });
});
