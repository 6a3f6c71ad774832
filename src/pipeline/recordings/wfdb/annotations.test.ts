import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { parseAnnotations, writeAnnotations } from "./annotations.ts";
import { annotationCodes, codeOfSymbol, highestCode, isBeat, symbolOfCode } from "./codes.ts";
import { annotation } from "../../../../tests/support/annotation.ts";

const golden = JSON.parse(readFileSync(new URL("../../../../tests/golden/wfdb.json", import.meta.url), "utf8")) as {
  annotations: { file: string; annotations: Annotation[] };
  ownSymbols: { file: string; samples: number[]; symbols: string[]; fs: number };
};

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, "base64"));
/** Encodes words, low byte first. */
const words = (...values: number[]): Uint8Array => Uint8Array.from(values.flatMap((v) => [v & 0xff, v >> 8]));
/** Encodes a code and a value as a word. */
const word = (code: number, value: number): number => (code << 10) | value;

describe("parseAnnotations", () => {
  it("reads files of wfdb-python", () => {
    const read = parseAnnotations(bytesOf(golden.annotations.file), "notes.atr");
    expect(read.annotations).toEqual(golden.annotations.annotations);
    expect(read).toMatchObject({ timeResolution: 360, definitions: [], findings: [] });
  });

  it("applies symbols and time resolution of a file's notes, which are no annotations", () => {
    const { file, samples, symbols, fs } = golden.ownSymbols;
    const read = parseAnnotations(bytesOf(file), "own.atr");
    expect(read.annotations.map(({ sample }) => sample)).toEqual(samples);
    expect(read.annotations.map(({ symbol }) => symbol)).toEqual(symbols);
    expect(read.timeResolution).toBe(fs);
    expect(read.definitions).toEqual([
      { code: 42, symbol: "Z", description: "zigzag beat" },
      { code: 43, symbol: "Y", description: "yawn" },
    ]);
    expect(read.findings.map(({ message }) => message)).toEqual([
      "own.atr defines its own symbols: Z (zigzag beat), Y (yawn).",
    ]);
  });

  it("reads the first bytes of record 100: a rhythm change at 18, beats at 77 and 370", () => {
    // 12 70: code 28 (+), 18 samples on. 03 fc: three bytes of text, padded. 3b 04: code 1 (N), 59 on. 25 05: 293 on.
    const bytes = Uint8Array.of(0x12, 0x70, 0x03, 0xfc, 0x28, 0x4e, 0, 0, 0x3b, 0x04, 0x25, 0x05, 0, 0);
    expect(parseAnnotations(bytes, "100.atr").annotations).toEqual([
      annotation(18, "+", { aux: "(N" }),
      annotation(77, "N"),
      annotation(370, "N"),
    ]);
  });

  it("reads long intervals high word first, and accepts decreasing times", () => {
    // 0x0001_0002 = 65538 on, then 1; −65538 is 0xfffe_fffe.
    const bytes = words(word(59, 0), 1, 2, word(1, 1), word(59, 0), 0xfffe, 0xfffe, word(5, 0), 0);
    expect(parseAnnotations(bytes, "r.atr").annotations).toEqual([annotation(65539, "N"), annotation(1, "V")]);
  });

  it("keeps signal and annotator number for the following annotations, but not the sub-type", () => {
    const bytes = words(word(1, 9), word(61, 0x80), word(62, 255), word(60, 0xff), word(1, 1), 0);
    expect(parseAnnotations(bytes, "r.atr").annotations).toEqual([
      annotation(9, "N", { subtype: -128, channel: 255, num: -1 }),
      annotation(10, "N", { channel: 255, num: -1 }),
    ]);
  });

  it("keeps an ordinary comment at sample 0", () => {
    const comment = annotation(0, '"', { aux: "lead off" });
    expect(parseAnnotations(writeAnnotations([comment]), "r.atr").annotations).toEqual([comment]);
  });

  it("names the byte of an error", () => {
    const fault = (bytes: Uint8Array): string => {
      try {
        // Annotations before a fault are read, and a finding has its message.
        return parseAnnotations(bytes, "r.atr").findings[0].message.replace(
          / The \d+ annotations before it were read\.$/,
          "",
        );
      } catch (error) {
        expect(error).toBeInstanceOf(EctopyError);
        expect((error as EctopyError).code).toBe("damaged-file");
        return (error as EctopyError).message;
      }
    };
    expect(fault(Uint8Array.of(0x3b))).toBe("r.atr ends inside an annotation at byte 0.");
    expect(fault(words(word(1, 5), word(59, 0), 1))).toBe("r.atr ends inside a long interval at byte 4.");
    expect(fault(words(word(1, 5), word(63, 9), 0x4e28))).toBe("r.atr ends inside a text at byte 4.");
    expect(fault(words(word(1, 5), word(50, 1), 0))).toBe("r.atr, byte 2: 50 is no annotation code.");
    expect(fault(words(word(61, 5), 0))).toBe("r.atr, byte 0: the file starts within an annotation.");
    expect(fault(words(word(59, 0), 0xffff, 0xfff0, word(1, 0), 0))).toBe(
      "r.atr, byte 6: an annotation has the impossible sample number -16.",
    );
    expect(fault(words(word(59, 0), 0x7fff, 0xffff, word(1, 1), 0))).toContain(
      "the impossible sample number 2147483648",
    );
  });

  it("warns of a missing end mark, and of bytes after the end mark", () => {
    expect(parseAnnotations(words(word(1, 5)), "r.atr").findings).toEqual([
      {
        severity: "warning",
        message: "r.atr has no end mark after sample 5: it may be truncated.",
        fix: "Compare it with the file it was copied from.",
      },
    ]);
    const [finding] = parseAnnotations(words(word(1, 5), 0, word(1, 5), 0), "r.atr").findings;
    expect(finding?.message).toBe("r.atr has 4 bytes after its end mark at byte 2; they were ignored.");
    expect(parseAnnotations(words(word(1, 5), 0, 0, 0), "r.atr").findings).toEqual([]);
    expect(parseAnnotations(new Uint8Array(0), "r.atr").annotations).toEqual([]);
  });

  it("yields annotations or an EctopyError for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          const { annotations } = parseAnnotations(bytes, "r.atr");
          expect(annotations.length).toBeLessThanOrEqual(bytes.length / 2);
          expect(annotations.every(({ sample }) => sample >= 0)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
          expect((error as EctopyError).message).toContain("r.atr");
        }
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});

describe("writeAnnotations", () => {
  const symbols = fc.integer({ min: 1, max: highestCode }).map(symbolOfCode);
  const annotations = fc.array(
    fc.record({
      sample: fc.oneof(fc.nat({ max: 3000 }), fc.nat({ max: 2 ** 31 - 1 })),
      symbol: symbols,
      subtype: fc.oneof(fc.constant(0), fc.integer({ min: -128, max: 127 })),
      channel: fc.oneof(fc.constant(0), fc.nat({ max: 255 })),
      num: fc.oneof(fc.constant(0), fc.integer({ min: -128, max: 127 })),
      aux: fc.oneof(fc.constant(""), fc.stringMatching(/^[\x01-\xff]{0,255}$/)),
    }),
    { maxLength: 30 },
  );

  it("writes annotations that are read unchanged, in any order of times", () => {
    fc.assert(
      fc.property(annotations, (list) => {
        const read = parseAnnotations(writeAnnotations(list, { timeResolution: 360 }), "r.atr");
        expect(read.annotations).toEqual(list);
        expect(read.timeResolution).toBe(360);
        expect(read.findings).toEqual([]);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it.each([
    ["the comment's symbol for a beat", { code: 1, symbol: '"', description: "" }],
    ["another symbol for the comment's code", { code: 22, symbol: "note", description: "" }],
  ])("writes notes as notes where a file defines %s", (_, definition) => {
    const list = [annotation(5, definition.symbol)];
    const read = parseAnnotations(writeAnnotations(list, { definitions: [definition], timeResolution: 250 }), "r.atr");
    expect(read).toMatchObject({ annotations: list, definitions: [definition], timeResolution: 250 });
  });

  it("writes defined symbols that are read unchanged", () => {
    const definitions = [
      { code: 42, symbol: "Z", description: "zigzag beat" },
      { code: 1, symbol: "own", description: "" },
    ];
    const list = [annotation(0, "Z"), annotation(5, "own"), annotation(7, "V")];
    const read = parseAnnotations(writeAnnotations(list, { definitions }), "r.atr");
    expect(read.annotations).toEqual(list);
    expect(read.definitions).toEqual(definitions);
    // Code 1 is redefined, so that an N would be ambiguous.
    expect(() => writeAnnotations([annotation(1, "N")], { definitions })).toThrow("its symbol has no WFDB code");
  });

  it("refuses values that the format can't express, and names the annotation", () => {
    const refused = (change: Partial<Annotation>): (() => Uint8Array) => {
      return () => writeAnnotations([annotation(1, "N"), { ...annotation(2, "N"), ...change }]);
    };
    expect(refused({ symbol: "unknown" })).toThrow("Annotation 2 (unknown at sample 2) can't be written");
    expect(refused({ sample: -1 })).toThrow(EctopyError);
    expect(refused({ sample: 1.5 })).toThrow("its time does not fit");
    expect(refused({ sample: 2 ** 31 })).toThrow("its time does not fit");
    expect(refused({ subtype: 128 })).toThrow("sub-type");
    expect(refused({ channel: 256 })).toThrow("signal");
    expect(refused({ num: -129 })).toThrow("annotator number");
    expect(refused({ aux: "x".repeat(256) })).toThrow("longer than 255");
    expect(refused({ aux: "Ω".repeat(128) })).toThrow("longer than 255");
    expect(refused({ aux: "a\0b" })).toThrow("has a NUL");
  });
});

describe("the code table", () => {
  it("has each code and each symbol once, and no codes that extend annotations", () => {
    expect(new Set(annotationCodes.map(({ code }) => code)).size).toBe(annotationCodes.length);
    expect(new Set(annotationCodes.map(({ symbol }) => symbol)).size).toBe(annotationCodes.length);
    expect(Math.max(...annotationCodes.map(({ code }) => code))).toBeLessThanOrEqual(highestCode);
  });

  it("converts codes to symbols and back, including codes without a mnemonic", () => {
    for (let code = 1; code <= highestCode; code++) expect(codeOfSymbol(symbolOfCode(code))).toBe(code);
    expect(symbolOfCode(15)).toBe("[15]");
    expect([codeOfSymbol("[1]"), codeOfSymbol("[50]"), codeOfSymbol("NN")]).toEqual([undefined, undefined, undefined]);
  });

  it("labels beats like WFDB's isqrs", () => {
    const beats = annotationCodes.filter(({ symbol }) => isBeat(symbol)).map(({ code }) => code);
    expect(beats).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 30, 34, 35, 38, 41]);
    expect(isBeat("x")).toBe(false);
  });
});
