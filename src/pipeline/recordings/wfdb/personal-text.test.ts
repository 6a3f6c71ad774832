import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { parseAnnotations, writeAnnotations } from "./annotations.ts";
import { annotationCodes } from "./codes.ts";
import { parseHeader } from "./header.ts";
import { withoutComments, withoutNotes, withoutPersonalText } from "./personal-text.ts";

const annotation = (sample: number, symbol: string, aux = ""): Annotation => ({
  sample,
  symbol,
  subtype: 0,
  channel: 0,
  num: 0,
  aux,
});

const holds = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes).includes(text, 0, "latin1");

describe("a header without its comments", () => {
  it.each([
    ["100 1 360 10\n100.dat 212\n# 69 M 1085 1629 x1\n# Jane Doe\n", "100 1 360 10\n100.dat 212\n"],
    ["# Jane\r\n100 1 360 10\r\n  \t## Doe\r\n100.dat 212\r\n#", "100 1 360 10\r\n100.dat 212\r\n"],
    [
      "#Jane\r100 1 360 10\r100.dat 212 200 12 0 0 0 0 lead # 1\r",
      "100 1 360 10\r100.dat 212 200 12 0 0 0 0 lead # 1\r",
    ],
    ["100 0 360\n", "100 0 360\n"],
    ["", ""],
  ])("keeps all other characters of %j", (text, expected) => {
    expect(withoutComments(text)).toBe(expected);
  });

  it("is read as the same record, for any comments at any position", () => {
    const comment = fc.stringMatching(/^[ \t\u00a0]{0,2}#[^\r\n]{0,20}$/);
    const end = fc.constantFrom("\n", "\r\n", "\r");
    fc.assert(
      fc.property(fc.array(comment), fc.array(comment), fc.array(comment), end, (a, b, c, newline) => {
        const text = [...a, "x 1 250 9", ...b, "x.dat 16", ...c].join(newline);
        const expected = { ...parseHeader("x 1 250 9\nx.dat 16\n", "x.hea"), comments: [] };
        expect(parseHeader(withoutComments(text), "x.hea")).toEqual(expected);
      }),
    );
  });
});

describe("annotations without notes", () => {
  it("keep rhythms, ST and T-wave changes, and no other text", () => {
    const all = [
      annotation(5, "+", "(AFIB"),
      annotation(9, "N", "Jane"),
      annotation(3000, '"', "seen by Dr Doe"),
      annotation(3001, "s", "ST0+120"),
      annotation(3002, "T", "T1-200"),
      annotation(3003, "@", "http://example.org/jane"),
      annotation(3004, "+", "Jane Doe"),
      annotation(3005, "V"),
    ];
    const bytes = withoutNotes(writeAnnotations(all, { timeResolution: 500 }));
    const { annotations, timeResolution, findings } = parseAnnotations(bytes, "x.atr");
    const kept = ["(AFIB", "", "", "ST0+120", "T1-200", "", "", ""];
    expect(annotations).toEqual(all.map((each, i) => ({ ...each, aux: kept[i] })));
    expect(timeResolution).toBe(500);
    expect(findings).toEqual([]);
    for (const name of ["Jane", "Doe", "jane"]) expect(holds(bytes, name)).toBe(false);
  });

  it("keep the symbols defined in the file", () => {
    const definitions = [{ code: 42, symbol: "Z", description: "zigzag beat" }];
    const bytes = writeAnnotations([annotation(7, "Z"), annotation(8, '"', "42 Jane Doe")], { definitions });
    const read = parseAnnotations(withoutNotes(bytes), "x.atr");
    expect(read.definitions).toEqual(definitions);
    expect(read.annotations.map(({ symbol, aux }) => [symbol, aux])).toEqual([
      ["Z", ""],
      ['"', ""],
    ]);
  });

  it("lose all bytes after the end mark", () => {
    const bytes = writeAnnotations([annotation(7, "N")]);
    expect(withoutNotes(Uint8Array.from([...bytes, ...Buffer.from("Jane Doe")]))).toEqual(bytes);
  });

  it("keep symbol, time, sub-type, signal and number of any annotations", () => {
    const any = fc.record({
      sample: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      symbol: fc.constantFrom(...annotationCodes.map(({ symbol }) => symbol)),
      subtype: fc.integer({ min: -128, max: 127 }),
      channel: fc.integer({ min: 0, max: 255 }),
      num: fc.integer({ min: -128, max: 127 }),
      aux: fc.stringMatching(/^[a-z .,]{0,40}$/),
    });
    fc.assert(
      fc.property(fc.array(any), (annotations) => {
        const bytes = writeAnnotations(annotations);
        const bare = (all: Annotation[]) => all.map((each) => ({ ...each, aux: "" }));
        const read = parseAnnotations(withoutNotes(bytes), "x.atr");
        expect(bare(read.annotations)).toEqual(bare(parseAnnotations(bytes, "x.atr").annotations));
      }),
    );
  });

  it("are returned for any bytes, in bounded time, and never larger", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(withoutNotes(bytes).length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

it("removes the bytes before the first sample of a signal file, such as an EDF header, and no sample", () => {
  const header = Buffer.from("x 1 250 2\nx.edf 16+16 200 16 0 0 0 0 I\n# Jane\n");
  const signal = Buffer.concat([Buffer.from("0 Jane Doe  1980"), Buffer.from([1, 0, 2, 0])]);
  const files = { name: "x", header, signals: new Map([["x.edf", signal]]), annotator: "atr", annotations: null };
  const cleaned = withoutPersonalText(files);
  expect(holds(cleaned.header, "Jane")).toBe(false);
  expect([...cleaned.signals.get("x.edf")!.subarray(0, 99)]).toEqual([...new Uint8Array(16), 1, 0, 2, 0]);
  expect(holds(signal, "Jane")).toBe(true);
});
