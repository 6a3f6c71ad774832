import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Finding } from "../../../contract/domain/recordings.ts";
import { parseHeader, startOf, writeHeader, type RecordHeader } from "./header.ts";

const record100 = [
  "100 2 360 650000",
  "100.dat 212 200 11 1024 995 -22131 0 MLII",
  "100.dat 212 200 11 1024 1011 20052 0 V5",
  "# 69 M 1085 1629 x1",
  "# Aldomet, Inderal",
  "",
].join("\n");

/** Returns the error of parsing a text. */
function faultOf(text: string): EctopyError {
  try {
    parseHeader(text, "r.hea");
  } catch (error) {
    expect(error).toBeInstanceOf(EctopyError);
    return error as EctopyError;
  }
  throw new Error(`parsed without an error: ${text}`);
}

describe("parseHeader", () => {
  it("reads the header of record 100", () => {
    const header = parseHeader(record100, "100.hea");
    expect(header).toMatchObject({ name: "100", rate: 360, length: 650000, counterRate: null, baseCounter: 0 });
    expect(header.comments).toEqual(["69 M 1085 1629 x1", "Aldomet, Inderal"]);
    expect(header.signals).toHaveLength(2);
    expect(header.signals[0]).toEqual({
      fileName: "100.dat",
      format: 212,
      samplesPerFrame: 1,
      skew: 0,
      byteOffset: 0,
      gain: 200,
      calibrated: true,
      baseline: 1024,
      units: "mV",
      resolution: 11,
      zero: 1024,
      initialValue: 995,
      checksum: -22131,
      blockSize: 0,
      description: "MLII",
    });
  });

  it("reads CRLF, lone CR, blank lines, tabs and comments before the record line the same way", () => {
    const expected = parseHeader(record100, "100.hea");
    expect(parseHeader(record100.replaceAll("\n", "\r\n"), "100.hea")).toEqual(expected);
    expect(parseHeader(record100.replaceAll("\n", "\r"), "100.hea")).toEqual(expected);
    expect(parseHeader(record100.replaceAll("\n", "\n\n").replaceAll(" 212 ", "\t212  "), "100.hea")).toEqual(expected);
    const [record, first, second, ...comments] = record100.split("\n");
    expect(parseHeader([...comments, record, first, second].join("\n"), "100.hea")).toEqual(expected);
  });

  it("has the defaults of header(5)", () => {
    const header = parseHeader("r 1\nr.dat 16", "r.hea");
    expect(header).toMatchObject({ rate: 250, length: null, startTime: "", startDate: "" });
    expect(header.signals[0]).toMatchObject({ gain: 200, calibrated: false, baseline: 0, units: "mV", zero: 0 });
    expect(header.signals[0]).toMatchObject({ initialValue: null, checksum: null, description: "" });
    expect(parseHeader("r 1 360 0\nr.dat 16 0 11 1024", "r.hea")).toMatchObject({
      length: null,
      signals: [{ gain: 200, calibrated: false, baseline: 1024 }],
    });
  });

  it("reads every part of the rate, format and gain fields", () => {
    const text = "r 1 128.5/64(-2.5) 10 10:20:30.125 1/12/2003\nr.dat 16x4:3+24 -12.5(-7)/uV 16 5 -3 70000 2 lead  one";
    const header = parseHeader(text, "r.hea");
    expect(header).toMatchObject({ rate: 128.5, counterRate: 64, baseCounter: -2.5, length: 10 });
    expect(header).toMatchObject({ startTime: "10:20:30.125", startDate: "1/12/2003" });
    expect(header.signals[0]).toMatchObject({ format: 16, samplesPerFrame: 4, skew: 3, byteOffset: 24 });
    expect(header.signals[0]).toMatchObject({ gain: -12.5, baseline: -7, units: "uV", zero: 5, initialValue: -3 });
    expect(header.signals[0]).toMatchObject({ checksum: 70000, blockSize: 2, description: "lead  one" });
  });

  it("names file and line of an error", () => {
    expect(faultOf("").message).toBe("r.hea has no record line.");
    expect(faultOf("# only a comment").message).toBe("r.hea has no record line.");
    expect(faultOf("r").message).toBe("r.hea, line 1: the number of signals is missing.");
    expect(faultOf("r two").message).toBe("r.hea, line 1: the number of signals is “two”, not an integer.");
    expect(faultOf("r 1001").message).toContain("1001, outside 0 to 1000");
    expect(faultOf("r 1 0").message).toContain("line 1: a sampling rate of 0 Hz");
    expect(faultOf("r 1 -5").code).toBe("damaged-file");
    expect(faultOf("r 1 360 3000000000").message).toContain("outside 0 to 2147483647");
    expect(faultOf("r 2 360 10").message).toBe("r.hea announces 2 signals, but describes none.");
    expect(faultOf("\nr 1 360 10\n\nr.dat").message).toBe("r.hea, line 4: the signal's format is missing.");
    expect(faultOf("r 1 360 10\nr.dat x16").message).toBe("r.hea, line 2: “x16” is not a signal format.");
    expect(faultOf("x".repeat(2_000_000)).message).toBe("r.hea has 2000000 characters, too many for a header.");
  });

  it.each([
    ["r 2 360 10\nr.dat 16", "r.hea announces 2 signals, but describes only 1."],
    [
      "r 1 360 10\nr.dat 16\nr.dat 16\nr.dat 16",
      "r.hea, line 3: the record line announces 1 signals; this and further signal lines were ignored.",
    ],
    ["udb/r 1 360 10\nr.dat 16", "r.hea, line 1: the record name “udb/r” has a folder, which was ignored."],
    ["r 1 360 10 noon\nr.dat 16", "r.hea, line 1: “noon” is no time or date, and was ignored."],
    ["r 1 360 10\nr.dat 16 12a", "r.hea, line 2: “12a” is not a gain; 200 units per mV were assumed."],
    ["r 1 360 10\nr.dat 16 1e13", "r.hea, line 2: “1e13” is not a gain; 200 units per mV were assumed."],
    ["r 1 360 10\nr.dat 16 200 11 MLII", "r.hea, line 2: the ADC zero is “MLII”, not an integer, and was ignored."],
  ])("reads what there is of %j, and says what is odd", (text, message) => {
    const findings: Finding[] = [];
    const header = parseHeader(text, "r.hea", findings);
    expect(header).toMatchObject({ name: "r", rate: 360, length: 10, signals: [{ fileName: "r.dat", format: 16 }] });
    expect(findings.map((finding) => finding.message)).toEqual([message]);
  });

  it.each([
    ["10:20:30.125 1/12/2003", "2003-12-01T10:20:30.125"],
    ["05-May-2020 09:49:17", "2020-05-05T09:49:17"],
    ["2014-05-08", "2014-05-08"],
    ["05/05/2020", "2020-05-05"],
    ["9:5:7 2014-05-08 UTC", "2014-05-08T09:05:07"],
    ["0:0:0 0/0/0", null],
    ["12:00:00", null],
    ["31/02/2020", null],
    ["", null],
  ])("reads time and date from %j", (fields, expected) => {
    expect(startOf(parseHeader(`r 1 360 10 ${fields}\nr.dat 16`, "r.hea"))).toBe(expected);
  });

  it("truncates a long lead name", () => {
    const { signals } = parseHeader(`r 1 360 10\nr.dat 16 200 11 0 0 0 0 ${"x y ".repeat(10_000)}`, "r.hea");
    expect(signals[0].description).toBe("x y ".repeat(50).trimEnd());
  });

  it("accepts no gain that makes physical values infinite or NaN", () => {
    for (const gain of ["1e-40", "-1e-13", "1e13", "1e308", "nan"]) {
      const [signal] = parseHeader(`r 1 360 10\nr.dat 16 ${gain}/mV`, "r.hea").signals;
      expect(signal).toMatchObject({ gain: 200, calibrated: false });
    }
    for (const gain of ["1e-12", "-1e12"]) {
      const [signal] = parseHeader(`r 1 360 10\nr.dat 16 ${gain}(-4294967296)/mV`, "r.hea").signals;
      expect(Math.fround((32767 - signal.baseline) / signal.gain)).toSatisfy(Number.isFinite);
    }
  });

  it("reads the segments of a record", () => {
    expect(parseHeader("w/3 2 360 1000\na 500\n~ 100\nb 400\n# a note", "w.hea")).toMatchObject({
      name: "w",
      length: 1000,
      signals: [],
      comments: ["a note"],
      segments: [
        { name: "a", length: 500 },
        { name: "~", length: 100 },
        { name: "b", length: 400 },
      ],
    });
    expect(() => parseHeader("w/1 2 360 1000\n../a 500", "w.hea")).toThrow("outside the record's folder");
  });

  it.each([
    "/etc/passwd",
    "../r.dat",
    "..",
    ".",
    "a/b.dat",
    "a\\b.dat",
    "C:r.dat",
    "C:\\r.dat",
    "r\0.dat",
    "NUL",
    "com1.dat",
  ])("refuses the signal file name %j", (name) => {
    const fault = faultOf(`r 1 360 10\n${name} 16`);
    expect(fault.code).toBe("unsafe-path");
    expect(fault.message).toContain("r.hea, line 2");
  });

  it("reads the output of writeHeader", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
    const text = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/).filter((line) => !line.startsWith("#"));
    const count = fc.nat({ max: 2 ** 31 - 1 });
    const number = fc.double({ min: 1e-9, max: 1e6, noNaN: true });
    const signal = fc
      .record({
        // The dots make it longer than every device name of Windows.
        fileName: word.map((name) => `signals-of-${name}.dat`),
        format: fc.constantFrom(16, 212, 61),
        samplesPerFrame: fc.integer({ min: 1, max: 9 }),
        skew: fc.nat({ max: 999 }),
        byteOffset: fc.nat({ max: 999 }),
        calibrated: fc.boolean(),
        gain: number,
        baseline: fc.integer(),
        units: fc.constantFrom("mV", "uV", "mmHg", "%"),
        resolution: fc.nat({ max: 32 }),
        zero: fc.integer(),
        initialValue: fc.option(fc.integer()),
        checksum: fc.option(fc.integer()),
        blockSize: fc.nat({ max: 512 }),
        description: fc.oneof(text, fc.constant("")),
      })
      .map((signal) => ({
        ...signal,
        gain: signal.calibrated ? signal.gain : 200,
        // A field requires all previous fields.
        checksum: signal.initialValue === null ? null : signal.checksum,
        ...(signal.initialValue === null || signal.checksum === null ? { blockSize: 0, description: "" } : {}),
      }));
    const headers: fc.Arbitrary<RecordHeader> = fc.record({
      name: word,
      rate: number,
      counterRate: fc.option(number),
      baseCounter: fc.integer(),
      length: fc.option(count.filter((length) => length > 0)),
      startTime: fc.constantFrom("", "10:20:30"),
      startDate: fc.constant(""),
      signals: fc.array(signal, { maxLength: 4 }),
      segments: fc.constant(null),
      comments: fc.array(text, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(headers, (header) => {
        expect(parseHeader(writeHeader(header), "r.hea")).toEqual(header);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("yields a header or an EctopyError for any text", () => {
    const pieces = fc.constantFrom(
      "r",
      " ",
      "\n",
      "\r",
      "\t",
      "2",
      "360",
      "/",
      "(",
      ")",
      "212",
      "x",
      ":",
      "+",
      "-",
      ".",
      "#",
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join("")),
      fc.string({ maxLength: 60 }).map((line) => `r 1 360 10\n${line}`),
      fc.string({ maxLength: 60 }).map((line) => `r 1 360 10\nr.dat ${line}`),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(parseHeader(text, "r.hea").rate).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
          expect((error as EctopyError).message).toContain("r.hea");
        }
      }),
      { seed: 2, numRuns: 600 },
    );
  });
});
