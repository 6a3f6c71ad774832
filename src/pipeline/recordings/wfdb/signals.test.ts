import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { MISSING_SAMPLE } from "../../../contract/domain/recordings.ts";
import { format16 } from "./formats/16.ts";
import { format212 } from "./formats/212.ts";
import { parseHeader, writeHeader } from "./header.ts";
import { checksum16, readSignals, writeSignals } from "./signals.ts";

interface GoldenRecord {
  name: string;
  header: string;
  signalFile: string;
  samples: number[][];
  lowest: number;
}

const golden = JSON.parse(readFileSync(new URL("../../../../tests/golden/wfdb.json", import.meta.url), "utf8")) as {
  records: GoldenRecord[];
};

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, "base64"));

/** Two signals of six samples in one file of format 16; the sums are 21 and −21. */
const header = "r 2 360 6\nr.dat 16 200 16 0 1 21 0 MLII\nr.dat 16 200 16 0 -1 -21 0 V1";
const rising = Int16Array.of(1, 2, 3, 4, 5, 6);
const file = writeSignals(format16, [rising, rising.map((sample) => -sample)]);

const read = (text: string, bytes: Uint8Array, chosen?: number[]): ReturnType<typeof readSignals> =>
  readSignals(parseHeader(text, "r.hea"), new Map([["r.dat", bytes]]), chosen);

describe("readSignals", () => {
  it.each(golden.records)("reads files of wfdb-python: $name", ({ name, header, signalFile, samples, lowest }) => {
    const parsed = parseHeader(header, `${name}.hea`);
    const { recording, findings } = readSignals(parsed, new Map([[`${name}.dat`, bytesOf(signalFile)]]));
    expect(findings).toEqual([]);
    expect(recording).toMatchObject({ name, rate: 360, length: samples[0].length });
    expect(recording.comments).toEqual(["69 M", "Aldomet, Inderal"]);
    expect(recording.signals.map((signal) => [...signal.samples])).toEqual(
      samples.map((signal) => signal.map((sample) => (sample === lowest ? MISSING_SAMPLE : sample))),
    );
  });

  it.each(golden.records)("writes the same bytes as wfdb-python: $name", ({ name, header, signalFile }) => {
    const bytes = bytesOf(signalFile);
    const { recording } = readSignals(parseHeader(header, name), new Map([[`${name}.dat`, bytes]]));
    const format = name === "r16" ? format16 : format212;
    const written = writeSignals(
      format,
      recording.signals.map(({ samples }) => samples),
    );
    // wfdb-python pads an unpaired last sample to three bytes; writeSignals does not.
    expect([...written]).toEqual([...bytes.subarray(0, written.length)]);
    expect(bytes.subarray(written.length).every((byte) => byte === 0)).toBe(true);
  });

  it("decodes only chosen signals, in the requested order", () => {
    const { recording } = read(header, file, [1]);
    expect(recording.signals.map(({ lead }) => lead)).toEqual(["V1"]);
    expect([...recording.signals[0].samples]).toEqual([-1, -2, -3, -4, -5, -6]);
    expect(read(header, file, [1, 0]).recording.signals.map(({ lead }) => lead)).toEqual(["V1", "MLII"]);
    expect(() => read(header, file, [2])).toThrow("has 2 signals, numbered from 0: there is no signal 2");
  });

  it("reads signals from several files, behind their byte offsets", () => {
    const shifted = new Uint8Array(24 + 12);
    shifted.set(format16.encode(rising), 24);
    const text = "r 2 360 6\na.dat 16+24 200 16 0 1 21 0 I\nb.dat 212 200 12 0 1 21 0 II";
    const files = new Map([
      ["a.dat", shifted],
      ["b.dat", format212.encode(rising)],
    ]);
    const { recording, findings } = readSignals(parseHeader(text, "r.hea"), files);
    expect(recording.signals.map(({ samples }) => [...samples])).toEqual([[...rising], [...rising]]);
    expect(findings).toEqual([]);
  });

  it("drops the samples of a skew, and marks as many at the end as missing", () => {
    const { recording } = read(header.replace("16 200 16 0 -1", "16:2 200 16 0 -1"), file);
    expect([...recording.signals[0].samples]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...recording.signals[1].samples]).toEqual([-3, -4, -5, -6, MISSING_SAMPLE, MISSING_SAMPLE]);
    expect(() => read(header.replace("16 200 16 0 -1", "16:6 200 16 0 -1"), file)).toThrow("a skew of 6 samples");
  });

  it("finds a changed byte in any signal, chosen or not", () => {
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice();
      changed[at] = changed[at] ^ 1;
      expect(() => read(header, changed, [0]), `byte ${at}`).toThrow(/have the checksum/);
    }
    expect(() => read(header.replace("0 1 21", "0 2 21"), file)).toThrow(
      "r.dat: the first sample of signal 1 is 1, but the header has 2.",
    );
  });

  it("names the missing samples of a truncated file", () => {
    // 12 samples of 2 bytes; without the last byte the second signal lacks one.
    expect(() => read(header, file.subarray(0, 23))).toThrow(
      "r.dat is truncated: it has 5 of 6 samples of each signal, 1 are missing.",
    );
    expect(() => read(header, new Uint8Array(0))).toThrow("0 of 6 samples of each signal, 6 are missing");
    expect(() => readSignals(parseHeader(header, "r.hea"), new Map())).toThrow("r.dat of record r is missing");
  });

  it("does not allocate memory for announced samples that the file lacks", () => {
    expect(() => read(header.replace("360 6", "360 2147483647"), file)).toThrow("2147483641 are missing");
  });

  it("derives a missing length from the file's size, and then checks no checksum", () => {
    const { recording, findings } = read(header.replace("360 6", "360").replace(" 21 ", " 5 "), file.subarray(0, 20));
    expect(recording.length).toBe(5);
    expect(findings.map(({ severity }) => severity)).toEqual(["note"]);
    expect(() => read(header.replace("360 6", "360"), new Uint8Array(3))).toThrow("have no samples");
  });

  it("warns of samples beyond the announced length", () => {
    const longer = new Uint8Array(file.length + 8);
    longer.set(file);
    const { recording, findings } = read(header, longer);
    expect(recording.length).toBe(6);
    expect(findings[0]).toMatchObject({ severity: "warning" });
    expect(findings[0].message).toContain("2 more samples of each signal");
  });

  it("refuses unsupported headers", () => {
    expect(() => read(header.replaceAll("dat 16 ", "dat 16x2 "), file)).toThrow("2 samples per frame");
    expect(() => read(header.replaceAll("dat 16 ", "dat 310 "), file)).toThrow("format 310");
    expect(() => read(header.replace("dat 16 ", "dat 212 "), file)).toThrow("another format or offset");
    expect(() => read("r 0 360 6", file)).toThrow("has no signals");
  });

  it("yields a recording or an EctopyError for any bytes", () => {
    const headers = fc.record({
      signals: fc.integer({ min: 1, max: 5 }),
      format: fc.constantFrom("16", "212", "212:3", "16+7", "8"),
      length: fc.constantFrom("", "0", "4", "11", "40"),
    });
    fc.assert(
      fc.property(headers, fc.uint8Array({ maxLength: 200 }), ({ signals, format, length }, bytes) => {
        const text = [`r ${signals} 360 ${length}`, ...new Array<string>(signals).fill(`r.dat ${format}`)].join("\n");
        try {
          const { recording } = read(text, bytes);
          expect(recording.signals.every(({ samples }) => samples.length === recording.length)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it("reads the output of writeHeader and writeSignals, over more samples than a block", () => {
    const shape = fc.record({ width: fc.integer({ min: 1, max: 7 }), length: fc.integer({ min: 1, max: 20_000 }) });
    fc.assert(
      fc.property(shape, fc.constantFrom(format16, format212), fc.nat(), ({ width, length }, format, salt) => {
        const signals = Array.from({ length: width }, (_, s) =>
          Int16Array.from({ length }, (_, i) => {
            const value = ((i * 31 + s * 17 + salt) % 4095) - 2047;
            return i % 1000 === 999 ? MISSING_SAMPLE : value;
          }),
        );
        const sums = signals.map((signal) =>
          signal.reduce((sum, sample) => sum + (sample === MISSING_SAMPLE ? format.missing : sample), 0),
        );
        const written = parseHeader(
          [
            `r ${width} 360 ${length}`,
            ...signals.map((signal, s) => `r.dat ${format.code} 200 0 0 ${signal[0]} ${checksum16(sums[s])} 0 L${s}`),
          ].join("\n"),
          "r.hea",
        );
        const { recording } = read(writeHeader(written), writeSignals(format, signals));
        expect(recording.signals.map(({ samples }) => samples)).toEqual(signals);
      }),
      { seed: 6, numRuns: 15 },
    );
  });
});

describe("checksum16", () => {
  it("wraps at 16 bits, with sign", () => {
    expect([0, 32767, 32768, 65535, 65536, -32768, -32769, 1e12].map(checksum16)).toEqual([
      // 10¹² = 15258789 · 65536 + 4096
      0, 32767, -32768, -1, 0, -32768, 32767, 4096,
    ]);
  });
});

describe("writeSignals", () => {
  it("refuses samples out of the format's range", () => {
    expect(() => writeSignals(format212, [Int16Array.of(2048)])).toThrow(RangeError);
    expect(() => writeSignals(format212, [Int16Array.of(-2048)])).toThrow(RangeError);
    expect(() => writeSignals(format212, [Int16Array.of(1), Int16Array.of(1, 2)])).toThrow(RangeError);
    expect([...writeSignals(format212, [Int16Array.of(MISSING_SAMPLE)])]).toEqual([0x00, 0x08]);
  });
});
