import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { MISSING_SAMPLE, missingSampleOf, type Finding, type Signal } from "../../../contract/domain/recordings.ts";
import { format16 } from "./formats/16.ts";
import { format212 } from "./formats/212.ts";
import { parseHeader, writeHeader } from "./header.ts";
import { gatherSamples } from "../gather-samples.ts";
import { lengthOf, signalOf } from "../read-source.ts";
import { signalFormats } from "./formats/index.ts";
import { openSignals } from "./open-signals.ts";
import { checksum16 } from "./sample-blocks.ts";
import { writeSignals } from "./signals.ts";

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

interface Read {
  signals: Signal[];
  length: number;
  findings: Finding[];
  messages: string[];
}

function readFiles(text: string, files: ReadonlyMap<string, Uint8Array>, chosen?: number[]): Read {
  const findings: Finding[] = [];
  const parsed = parseHeader(text, "r.hea", findings);
  const { signals, frames, blocks, samples } = openSignals(parsed, files, "r.hea", findings);
  const source = { signals, frames, frameRate: parsed.rate };
  const numbers = chosen ?? signals.map((_, i) => i);
  const whole = samples(numbers, findings);
  const read = numbers.map((number, i) => ({ ...signalOf(signals[number], parsed.rate), samples: whole[i] }));
  // Blocks have the same samples.
  const gathered = gatherSamples(source, blocks(numbers, []), numbers);
  expect(gathered.map((each) => [...each])).toEqual(
    whole.map((each, i) =>
      [...each].map((value) => (value === missingSampleOf(each) ? missingSampleOf(gathered[i]) : value)),
    ),
  );
  const rate = parsed.rate * Math.max(...signals.map(({ samplesPerFrame }) => samplesPerFrame));
  return {
    signals: read,
    length: lengthOf({ ...source, rate }),
    findings,
    messages: findings.map(({ message }) => message),
  };
}

const read = (text: string, bytes: Uint8Array, chosen?: number[]): Read =>
  readFiles(text, new Map([["r.dat", bytes]]), chosen);

describe("openSignals", () => {
  it.each(golden.records)("reads files of wfdb-python: $name", ({ name, header, signalFile, samples, lowest }) => {
    const { signals, length, findings } = readFiles(header, new Map([[`${name}.dat`, bytesOf(signalFile)]]));
    expect(findings).toEqual([]);
    expect(length).toBe(samples[0].length);
    expect(signals.map((signal) => [...signal.samples])).toEqual(
      samples.map((signal) => signal.map((sample) => (sample === lowest ? MISSING_SAMPLE : sample))),
    );
    expect(signals.every(({ rate }) => rate === 360)).toBe(true);
  });

  it.each(golden.records)("writes the same bytes as wfdb-python: $name", ({ name, header, signalFile }) => {
    const bytes = bytesOf(signalFile);
    const { signals } = readFiles(header, new Map([[`${name}.dat`, bytes]]));
    const format = name === "r16" ? format16 : format212;
    const written = writeSignals(
      format,
      signals.map(({ samples }) => samples),
    );
    // wfdb-python pads an unpaired last sample to three bytes; writeSignals does not.
    expect([...written]).toEqual([...bytes.subarray(0, written.length)]);
    expect(bytes.subarray(written.length).every((byte) => byte === 0)).toBe(true);
  });

  it("decodes only chosen signals, in the requested order", () => {
    expect(read(header, file, [1]).signals.map(({ lead }) => lead)).toEqual(["V1"]);
    expect([...read(header, file, [1]).signals[0].samples]).toEqual([-1, -2, -3, -4, -5, -6]);
    expect(read(header, file, [1, 0]).signals.map(({ lead }) => lead)).toEqual(["V1", "MLII"]);
  });

  it("reads signals from several files of several formats, behind their byte offsets", () => {
    const shifted = new Uint8Array(24 + 12);
    shifted.set(writeSignals(format16, [rising]), 24);
    const text = "r 2 360 6\na.dat 16+24 200 16 0 1 21 0 I\nb.dat 212 200 12 0 1 21 0 II";
    const files = new Map([
      ["a.dat", shifted],
      ["b.dat", writeSignals(format212, [rising])],
    ]);
    const { signals, findings } = readFiles(text, files);
    expect(signals.map(({ samples }) => [...samples])).toEqual([[...rising], [...rising]]);
    expect(findings).toEqual([]);
  });

  it("reads several samples a frame, each signal at its rate", () => {
    // Frames of two samples of I and one of II.
    const bytes = writeSignals(format16, [Int16Array.of(1, 2, 100, 3, 4, 200, 5, 6, 300)]);
    const { signals, length, findings } = read(
      "r 2 180 3\nr.dat 16x2 200 16 0 1 21 0 I\nr.dat 16 200 16 0 100 600 0 II",
      bytes,
    );
    expect(signals.map(({ rate, samples }) => [rate, ...samples])).toEqual([
      [360, 1, 2, 3, 4, 5, 6],
      [180, 100, 200, 300],
    ]);
    expect([length, findings]).toEqual([6, []]);
  });

  it("adds the differences of format 8 to the initial value", () => {
    const { signals, findings } = read(
      "r 2 360 3\nr.dat 8 200 16 0 1000 3026 0 I\nr.dat 8 200 16 0 -5 -18 0 II",
      Uint8Array.from([0, 0, 127, -1, -101, 0].map((each) => each & 0xff)),
    );
    expect(signals.map(({ samples }) => [...samples])).toEqual([
      [1000, 1127, 1026],
      [-5, -6, -6],
    ]);
    expect(findings.map(({ code }) => code)).toEqual(["checksum", "checksum"]);
  });

  it("keeps samples of more than 16 bits, where −32768 is a value", () => {
    const wide = Int32Array.of(-32768, 70_000, -(2 ** 23), -1);
    const bytes = signalFormats.find(({ code }) => code === 24)!.encode(wide);
    const { signals } = read("r 1 360 4\nr.dat 24 200 24 0", bytes);
    expect(signals[0].samples).toEqual(Int32Array.of(-32768, 70_000, -(2 ** 31), -1));
  });

  it("leaves out signals of format 0, and signals whose file is missing or not supported", () => {
    const text = "r 4 360 6\nr.dat 16 200 16 0 1 21 0 I\n~ 0 200\na.dat 16 200\nb.dat 99 200";
    const { signals, findings } = readFiles(
      text,
      new Map([
        ["r.dat", writeSignals(format16, [rising])],
        ["b.dat", Uint8Array.of(1)],
      ]),
    );
    expect(signals.map(({ lead }) => lead)).toEqual(["I"]);
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([
      ["header", "note"],
      [undefined, "warning"],
      ["unsupported", "warning"],
    ]);
    expect(() => readFiles("r 1 360 6\n~ 0 200", new Map())).toThrow("has no signals");
  });

  it("drops the frames of a skew, and marks as many at the end as missing", () => {
    const { signals } = read(header.replace("16 200 16 0 -1", "16:2 200 16 0 -1"), file);
    expect([...signals[0].samples]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...signals[1].samples]).toEqual([-3, -4, -5, -6, MISSING_SAMPLE, MISSING_SAMPLE]);
    const { signals: without, messages } = read(header.replace("16 200 16 0 -1", "16:6 200 16 0 -1"), file);
    expect(without.map(({ lead }) => lead)).toEqual(["MLII"]);
    expect(messages[0]).toContain("a skew of 6 samples");
  });

  it("reports a changed byte of a signal that is read", () => {
    for (let at = 0; at < file.length; at++) {
      const changed = file.slice();
      changed[at] = changed[at] ^ 1;
      expect(read(header, changed).findings, `byte ${at}`).toMatchObject([{ code: "checksum", severity: "warning" }]);
    }
    expect(read(header.replace("0 1 21", "0 2 21"), file).messages).toEqual([
      "r.dat: the first sample of signal 1 is 1, but the header has 2.",
    ]);
  });

  it("reads samples behind a checksum and an initial value of 0, with a note", () => {
    const { signals, findings } = read(header.replace("0 1 21", "0 0 0"), file);
    expect([...signals[0].samples]).toEqual([...rising]);
    expect(findings).toMatchObject([{ code: "checksum", severity: "note" }]);
  });

  it("reads the samples of a file that is shorter than its header", () => {
    // 12 samples of 2 bytes; without the last byte the second signal lacks one.
    const { length, messages } = read(header, file.subarray(0, 23));
    expect([length, messages]).toEqual([
      5,
      ["r.dat is shorter than its header: it has 5 of 6 samples of each signal, 1 are missing."],
    ]);
    expect(() => read(header, new Uint8Array(0))).toThrow("The signal files of record r have no samples.");
    expect(() => readFiles(header, new Map())).toThrow("r.dat of record r is missing");
  });

  it("marks samples as missing where another file of the record is longer", () => {
    const text = "r 2 360 6\na.dat 16 200 16 0 1 21 0 I\nb.dat 16 200 16 0 1 21 0 II";
    const whole = writeSignals(format16, [rising]);
    const files = new Map([
      ["a.dat", whole],
      ["b.dat", whole.subarray(0, 8)],
    ]);
    const { signals } = readFiles(text, files);
    expect([...signals[1].samples]).toEqual([1, 2, 3, 4, MISSING_SAMPLE, MISSING_SAMPLE]);
  });

  it("does not allocate memory for announced samples that the file lacks", () => {
    const { length, messages } = read(header.replace("360 6", "360 2147483647"), file);
    expect(length).toBe(6);
    expect(messages[0]).toContain("2147483641 are missing");
    const many = `r 1000 360\nr.dat 16x10000000\n${"s.dat 16\n".repeat(999)}`;
    const files = new Map([
      ["r.dat", new Uint8Array(20_000_000)],
      ["s.dat", new Uint8Array(1998)],
    ]);
    expect(readFiles(many, files).length).toBe(10_000_000);
  });

  it("derives a missing length from the file's size, and then checks no checksum", () => {
    const { length, findings } = read(header.replace("360 6", "360").replace(" 21 ", " 5 "), file.subarray(0, 20));
    expect(length).toBe(5);
    expect(findings.map(({ severity }) => severity)).toEqual(["note"]);
    expect(() => read(header.replace("360 6", "360"), new Uint8Array(3))).toThrow("have no samples");
  });

  it("warns of samples beyond the announced length", () => {
    const longer = new Uint8Array(file.length + 8);
    longer.set(file);
    const { length, findings } = read(header, longer);
    expect(length).toBe(6);
    expect(findings[0]).toMatchObject({ severity: "warning" });
    expect(findings[0].message).toContain("2 more samples of each signal");
  });

  it("refuses headers that contradict themselves", () => {
    expect(() => read(header.replace("dat 16 ", "dat 212 "), file)).toThrow("another format or offset");
    expect(() => read("r 0 360 6", file)).toThrow("has no signals");
  });

  it("yields a recording or an EctopyError for any bytes", () => {
    const headers = fc.record({
      signals: fc.integer({ min: 1, max: 5 }),
      format: fc.constantFrom("16", "212", "212:3", "16+7", "8", "8:2", "24x3", "310x2:1", "311", "0", "516"),
      length: fc.constantFrom("", "0", "4", "11", "40"),
    });
    fc.assert(
      fc.property(headers, fc.uint8Array({ maxLength: 200 }), ({ signals, format, length }, bytes) => {
        const text = [`r ${signals} 360 ${length}`, ...new Array<string>(signals).fill(`r.dat ${format}`)].join("\n");
        try {
          const { signals: read1, length: samples } = read(text, bytes);
          expect(read1.every((signal) => signal.samples.length === samples)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(EctopyError);
        }
      }),
      { seed: 5, numRuns: 600 },
    );
  });

  it("reads the output of writeHeader and writeSignals, over more samples than a block", () => {
    const shape = fc.record({
      width: fc.integer({ min: 1, max: 7 }),
      length: fc.integer({ min: 1, max: 20_000 }),
      skew: fc.constantFrom(0, 0, 1, 5),
    });
    const formats = signalFormats.filter(({ differences }) => !differences);
    fc.assert(
      fc.property(shape, fc.constantFrom(...formats), fc.nat(), ({ width, length, skew }, format, salt) => {
        const span = Math.min(4095, 2 * format.highest + 1);
        const signals = Array.from({ length: width }, (_, s) =>
          Int16Array.from({ length }, (_, i) => {
            const value = ((i * 31 + s * 17 + salt) % span) - (span - 1) / 2;
            return i % 1000 === 999 ? MISSING_SAMPLE : value;
          }),
        );
        const sums = signals.map((signal) =>
          signal.reduce((sum, sample) => sum + (sample === MISSING_SAMPLE ? format.missing : sample), 0),
        );
        const skewed = Math.min(skew, length - 1);
        const written = parseHeader(
          [
            `r ${width} 360 ${length}`,
            ...signals.map((signal, s) => {
              const form = `${format.code}${s === 1 && skewed > 0 ? `:${skewed}` : ""}`;
              return `r.dat ${form} 200 0 0 ${signal[0]} ${checksum16(sums[s])} 0 L${s}`;
            }),
          ].join("\n"),
          "r.hea",
        );
        const { signals: again, findings } = read(writeHeader(written), writeSignals(format, signals));
        expect(findings).toEqual([]);
        const expected = signals.map((signal, s) => {
          if (s !== 1 || skewed === 0) return signal;
          const moved = signal.slice();
          moved.copyWithin(0, skewed);
          return moved.fill(MISSING_SAMPLE, length - skewed);
        });
        // Formats of more than 16 bits have another value for missing samples.
        const narrow = again.map(({ samples }) =>
          Int16Array.from(samples, (value) => (value === missingSampleOf(samples) ? MISSING_SAMPLE : value)),
        );
        expect(narrow).toEqual(expected);
      }),
      { seed: 6, numRuns: 40 },
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
