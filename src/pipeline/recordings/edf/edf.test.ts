import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { annotationBytes, makeEdf, type EdfFields } from "../../../../tests/support/edf-files.ts";
import { annotation, makeSource, samplesOf } from "../../../../tests/support/sources.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { findRecordings, recordingFormat } from "../formats.ts";
import { MISSING_VALUE } from "../source.ts";
import { openEdf } from "./source.ts";
import { writeEdf } from "./write-edf.ts";

const open = (fields: EdfFields) => openEdf(makeEdf(fields), "a b.edf");
const messages = (source: ReturnType<typeof open>): string => source.findings.map(({ message }) => message).join("\n");
const written = (parts: Iterable<Uint8Array>): Uint8Array => Uint8Array.from([...parts].flatMap((part) => [...part]));

/** Two data records of one signal with four samples. */
const plain: EdfFields = {
  signals: [{ label: "ECG II", samples: 4 }],
  data: [[[1, -2, 3, -32768]], [[5, 6, 7, 32767]]],
};

describe("openEdf", () => {
  it("reads samples, calibration, start and notes of EDF", () => {
    const source = open({ ...plain, patient: "7 F", recording: "Clinic", date: "16.09.87" });
    expect(source).toMatchObject({ name: "a_b", format: "EDF", frameRate: 4, frames: 8, rate: 4 });
    expect(source.startsAt).toBe("1987-09-16T12:30:15");
    // 4,000 digital units for 20 mV.
    expect(source.signals).toEqual([{ lead: "ECG II", units: "mV", gain: 200, baseline: 0, samplesPerFrame: 1 }]);
    expect(samplesOf(source)).toEqual([Int32Array.of(1, -2, 3, -32768, 5, 6, 7, 32767)]);
    expect(source.comments).toEqual(["Patient: 7 F", "Recording: Clinic"]);
    expect(source.findings).toEqual([]);
    expect(open({ ...plain, recording: "Startdate 02-MAR-2002 X X X" }).comments).toEqual([]);
  });

  it("has a fractional baseline where 0 mV is between two digital values", () => {
    const signals = [{ samples: 1, digitalMin: "-32768", digitalMax: "32767" }];
    const [{ gain, baseline }] = open({ signals, data: [[[0]]] }).signals;
    expect((-32768 - baseline) / gain).toBeCloseTo(-10, 12);
    expect((32767 - baseline) / gain).toBeCloseTo(10, 12);
    expect(baseline).toBe(-0.5);
  });

  it("gives signals of different rates the frames of their common divisor", () => {
    const source = open({
      signals: [{ samples: 4 }, { label: "resp", samples: 2 }],
      data: [
        [
          [1, 2, 3, 4],
          [10, 20],
        ],
        [
          [5, 6, 7, 8],
          [30, 40],
        ],
      ],
    });
    expect(source).toMatchObject({ frameRate: 2, frames: 4, rate: 4 });
    expect(source.signals.map(({ samplesPerFrame }) => samplesPerFrame)).toEqual([2, 1]);
    expect(samplesOf(source)).toEqual([Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8), Int32Array.of(10, 20, 30, 40)]);
  });

  it("reads 24-bit samples of BDF", () => {
    const source = open({ isBdf: true, signals: [{ samples: 3 }], data: [[[-8388608, 8388607, -1]]] });
    expect(source.format).toBe("BDF");
    expect(samplesOf(source)).toEqual([Int32Array.of(-8388608, 8388607, -1)]);
  });

  it("reads annotations of EDF+, with codes where WFDB documents their texts", () => {
    const source = open({
      reserved: "EDF+C",
      patient: "MCH-0234567 F 02-MAY-1951 Haagse_Harry",
      recording: "Startdate 02-MAR-2002 PSG-1234/2002 NN Telemetry03",
      signals: [{ samples: 4 }, { label: "EDF Annotations", samples: 60 }],
      data: [
        [
          [1, 2, 3, 4],
          annotationBytes(0.25, [
            [0.75, 0, "N", "premature ventricular contraction"],
            [1.25, 0, "PVC"],
          ]),
        ],
        [
          [5, 6, 7, 8],
          annotationBytes(1.25, [
            [2, 0.5, "Apnéa"],
            [2.25, 30, "R"],
            [1.5, 0, "(AFIB"],
            [-1, 0, "V"],
          ]),
        ],
      ],
    });
    expect(source.format).toBe("EDF+");
    expect(source.startsAt).toBe("2002-03-02T12:30:15.25");
    expect(source.comments[0]).toBe("Age: 50  Sex: F");
    expect(source.signals).toHaveLength(1);
    expect(source.annotators).toEqual([
      {
        annotator: "edf",
        annotations: [
          annotation(2, "N"),
          annotation(2, "V"),
          annotation(4, "V"),
          annotation(5, "+", { aux: "(AFIB" }),
          annotation(7, '"', { aux: "Apnéa (duration 0.5 s)" }),
          annotation(8, '"', { aux: "R (duration 30 s)" }),
        ],
      },
    ]);
    expect(messages(source)).toContain("1 annotations are before the recording's start");
    expect(messages(source)).toContain("1 annotations with the text of a beat have a duration");
  });

  it("shows gaps of EDF+D as missing samples, and keeps annotations beside their samples", () => {
    const source = open({
      reserved: "EDF+D",
      signals: [{ samples: 2 }, { label: "EDF Annotations", samples: 30 }],
      data: [
        [[1, 2], annotationBytes(0)],
        [[3, 4], annotationBytes(1)],
        // A gap of 1.5 s is three frames of 0.5 s.
        [
          [5, 6],
          annotationBytes(3.5, [
            [3.5, 0, "V"],
            [2.5, 0, "asystole"],
          ]),
        ],
        [[7, 8], annotationBytes(2)],
      ],
    });
    const gap = Array<number>(3).fill(MISSING_VALUE);
    expect(samplesOf(source)).toEqual([Int32Array.of(1, 2, 3, 4, ...gap, 5, 6, 7, 8)]);
    expect(source.annotators[0].annotations.map(({ sample }) => sample)).toEqual([5, 7]);
    expect(messages(source)).toContain("gaps of 1.500 s in total");
    expect(messages(source)).toContain("1 data records begin before the previous one ends");
  });

  it("keeps an annotation at its sample where a gap is no whole number of frames", () => {
    const source = open({
      reserved: "EDF+D",
      signals: [{ samples: 100 }, { samples: 1 }, { label: "EDF Annotations", samples: 30 }],
      data: [0, 10.3].map((start) => [
        Array.from({ length: 100 }, (_, i) => i),
        [0],
        annotationBytes(start, [[start + 0.5, 0, "V"]]),
      ]),
    });
    const [samples] = samplesOf(source);
    expect(source.frameRate).toBe(1);
    expect(source.annotators[0].annotations.map(({ sample }) => samples[sample])).toEqual([50, 50]);
  });

  it("closes gaps that would last for months", () => {
    const source = open({
      reserved: "EDF+D",
      signals: [{ samples: 1 }, { label: "EDF Annotations", samples: 30 }],
      data: [
        [[1], annotationBytes(0)],
        [[2], annotationBytes(1e9)],
      ],
    });
    expect(samplesOf(source)).toEqual([Int32Array.of(1, 2)]);
    expect(messages(source)).toContain("longer than 31 days in total");
  });

  it.each<[string, Partial<EdfFields>, string]>([
    ["an unknown number of data records", { records: "-1" }, "the number of data records is unknown; 2 were derived"],
    ["a number of data records that is 0", { records: "0" }, "has 2 data records, and its header announces 0"],
    ["a larger number of data records", { records: "9" }, "has 2 data records, and its header announces 9"],
    ["a wrong size of the header", { headerBytes: "768" }, "the header's size is 768, and its fields need 512 bytes"],
    ["a size of the header that is no number", { headerBytes: "" }, "the header's size is no number"],
    ["a decimal comma", { duration: "1,0" }, "1 numbers of the header have a comma"],
    ["an odd date", { date: "2014-5-8" }, "read as 2014-05-08"],
    ["slashes and an American date", { date: "05/28/20" }, "read as 2020-05-28"],
    ["no date", { date: "" }, "read as unknown"],
  ])("reads all samples of a file with %s, and says so", (_, change, expected) => {
    const source = open({ ...plain, recording: "", ...change });
    expect(samplesOf(source)).toEqual([Int32Array.of(1, -2, 3, -32768, 5, 6, 7, 32767)]);
    expect(messages(source)).toContain(expected);
  });

  it("reads data where the header says, if the file's size agrees", () => {
    const bytes = makeEdf({ ...plain, headerBytes: "768" });
    const longer = Uint8Array.from([...bytes.subarray(0, 512), ...new Uint8Array(256), ...bytes.subarray(512)]);
    expect([...samplesOf(openEdf(longer, "a.edf"))[0]]).toEqual([1, -2, 3, -32768, 5, 6, 7, 32767]);
  });

  it("assumes 1 s where a data record has no duration", () => {
    const source = open({ ...plain, duration: "0" });
    expect(source.rate).toBe(4);
    expect(messages(source)).toContain("the duration of a data record is 0; 1 s was assumed");
  });

  it.each([
    ["digital", { digitalMin: "5", digitalMax: "5" }],
    ["physical", { physicalMin: "0", physicalMax: "0" }],
    ["unreadable", { physicalMax: "ten" }],
  ])("shows digital values where the %s range is empty", (_, range) => {
    const source = open({ ...plain, signals: [{ samples: 4, ...range }] });
    expect(source.signals[0]).toMatchObject({ units: "", gain: 1, baseline: 0 });
    expect(messages(source)).toContain("is empty or unreadable");
    expect(source.findings.map(({ code }) => code)).toEqual(["no-gain"]);
  });

  it("reads an inverted physical range, and non-ASCII units and labels", () => {
    const signals = [
      { label: "Ableitung für V5", units: "\u00b5V", samples: 4, physicalMin: "10", physicalMax: "-10" },
    ];
    expect(open({ ...plain, signals }).signals[0]).toMatchObject({ lead: "Ableitung für V5", units: "µV", gain: -200 });
  });

  it("reads the samples of a short last data record; the others are missing", () => {
    const fields: EdfFields = {
      signals: [{ samples: 4 }, { samples: 2 }],
      data: [0, 1].map((k) => [[1, 2, 3, 4].map((sample) => sample + 10 * k), [5, 6].map((sample) => sample + 10 * k)]),
    };
    const bytes = makeEdf(fields);
    const source = openEdf(bytes.subarray(0, bytes.length - 7), "a.edf");
    const gap = MISSING_VALUE;
    expect(samplesOf(source)).toEqual(
      [Int32Array.of(1, 2, 3, 4, 11, 12, gap, gap), Int32Array.of(5, 6, gap, gap)].map((samples, i) =>
        samples.subarray(0, i === 0 ? 6 : 3),
      ),
    );
    expect(messages(source)).toContain("the last data record is short");
  });

  it("reads data records larger than a block, and a source in blocks that change", () => {
    const samples = Array.from({ length: 150_000 }, (_, i) => (i % 30_000) - 15_000);
    const bytes = makeEdf({
      duration: "100",
      signals: [{ samples: 150_000 }, { samples: 75_000 }],
      data: [[samples, samples.slice(0, 75_000)]],
    });
    const scratch = new Uint8Array(1 << 20);
    const changing = {
      length: bytes.length,
      subarray(from: number, to: number) {
        scratch.fill(0xaa).set(bytes.subarray(from, to));
        return scratch.subarray(0, to - from);
      },
    };
    const read = samplesOf(openEdf(changing, "a.edf"));
    expect(read[0]).toEqual(Int32Array.from(samples));
    expect(read[1]).toEqual(Int32Array.from(samples.slice(0, 75_000)));
  });

  it("reads a file of annotations alone", () => {
    const source = open({
      reserved: "EDF+C",
      duration: "0",
      signals: [{ label: "EDF Annotations", samples: 30 }],
      data: [[annotationBytes(0, [[1.5, 0, "V"]])]],
    });
    expect(source).toMatchObject({ frames: 0, rate: 1000, signals: [], findings: [] });
    expect(source.annotators[0].annotations).toEqual([annotation(1500, "V")]);
  });

  it.each<[string, () => Uint8Array, string]>([
    ["a header that is cut", () => makeEdf(plain).subarray(0, 100), "it has 100 of 256 bytes"],
    ["signal fields that are cut", () => makeEdf(plain).subarray(0, 300), "need 512 bytes, and it has 300"],
    ["no number of samples", () => makeEdf({ ...plain, signals: [{ samples: "4.5" }] }), "signal 1: its samples"],
    ["another format", () => new Uint8Array(600), "byte 0: this is no header of EDF or BDF"],
    ["no samples at all", () => makeEdf({ ...plain, data: [] }), "neither samples nor annotations"],
  ])("refuses %s, and says where", (_, make, expected) => {
    expect(() => openEdf(make(), "a.edf")).toThrow(EctopyError);
    expect(() => openEdf(make(), "a.edf")).toThrow(expected);
  });

  it("needs no memory for a data record that the file does not have", () => {
    const bytes = makeEdf({ ...plain, records: "1", signals: [{ samples: "999999" }] });
    expect(() => openEdf(bytes, "a.edf")).toThrow("neither samples nor annotations");
  });
});

describe("writeEdf", () => {
  const sampleArray = (least: number, most: number) =>
    fc.array(fc.integer({ min: least, max: most }), { minLength: 40, maxLength: 40 });

  it("writes what openEdf reads: samples, calibration, annotations, start", () => {
    const values = fc.record({
      first: sampleArray(-32768, 32767),
      second: sampleArray(-300, 300),
      gain: fc.constantFrom(200, 1, 0.5, 1000, 409.6, -20),
      baseline: fc.integer({ min: -1100, max: 1100 }),
      frameRate: fc.constantFrom(360, 250, 128, 500, 257, 0.5),
      symbols: fc.array(fc.tuple(fc.nat(79), fc.constantFrom("N", "V", "/", "f", "[", "(")), { maxLength: 20 }),
      comment: fc.stringMatching(/^[a-zäöü]([ a-zäöü]{0,40}[a-zäöü])?$/),
    });
    fc.assert(
      fc.property(values, ({ first, second, gain, baseline, frameRate, symbols, comment }) => {
        const annotations = [
          ...symbols.map(([sample, symbol]) => annotation(sample, symbol)),
          annotation(3, '"', { aux: `x ${comment}` }),
          annotation(4, "+", { aux: "(AFIB" }),
          annotation(5, '"', { aux: "apnea (duration 2.5 s)" }),
        ].sort((a, b) => a.sample - b.sample);
        const made = makeSource({
          frameRate,
          startsAt: "2001-02-03T04:05:06.25",
          signals: [
            { samples: Int32Array.from(first), samplesPerFrame: 2, gain, baseline },
            { samples: Int32Array.from(second.slice(0, 20)) },
          ],
          annotations,
          blockFrames: 7,
        });
        const file = writeEdf(made);
        const bytes = written(file.parts());
        expect(bytes.length).toBe(file.length);
        const read = openEdf(bytes, `made.${file.extension}`);
        expect(read.startsAt).toBe(made.startsAt);
        expect(read.rate).toBeCloseTo(made.rate, 6);
        const ratio = read.signals[0].samplesPerFrame / made.signals[0].samplesPerFrame;
        expect(read.frameRate * ratio).toBeCloseTo(frameRate, 6);
        const [one, two] = samplesOf(read);
        expect(one.subarray(0, 40)).toEqual(Int32Array.from(first));
        expect(two.subarray(0, 20)).toEqual(Int32Array.from(second.slice(0, 20)));
        const physical = (sample: number, signal: { gain: number; baseline: number }) =>
          (sample - signal.baseline) / signal.gain;
        // A gain that mV does not express exactly is written for µV.
        const factor = read.signals[0].units === "uV" ? 1000 : 1;
        for (const sample of [-32768, 0, 32767]) {
          const expected = physical(sample, made.signals[0]);
          expect(Math.abs(physical(sample, read.signals[0]) / factor - expected)).toBeLessThan(
            1e-6 * Math.abs(40000 / gain),
          );
        }
        const withoutMarks = read.annotators[0].annotations.filter(({ aux }) => aux !== "Recording ends");
        expect(withoutMarks).toEqual(annotations);
        expect(messages(read)).toBe("");
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it("writes exact ranges for the gain and baseline of MIT-BIH", () => {
    const made = makeSource({ signals: [{ samples: new Int32Array(720).fill(1000), gain: 200, baseline: 1024 }] });
    expect(openEdf(written(writeEdf(made).parts()), "a.edf").signals[0]).toMatchObject({ gain: 200, baseline: 1024 });
  });

  it("uses BDF+ for samples of more than 16 bits, and refuses more than 24", () => {
    const source = (sample: number) => makeSource({ signals: [{ samples: Int32Array.of(0, sample, 1) }] });
    const wide = writeEdf(source(40_000));
    expect(wide.extension).toBe("bdf");
    const read = openEdf(written(wide.parts()), "a.bdf");
    expect(read.format).toBe("BDF+");
    expect([...samplesOf(read)[0].subarray(0, 3)]).toEqual([0, 40_000, 1]);
    expect(() => writeEdf(source(2 ** 24))).toThrow("more than 24 bits");
  });

  it("marks missing samples by an annotation", () => {
    const samples = new Int32Array(720).fill(50).fill(MISSING_VALUE, 100, 190);
    const read = openEdf(written(writeEdf(makeSource({ signals: [{ samples, baseline: 7 }] })).parts()), "a.edf");
    expect(read.annotators[0].annotations).toEqual([
      annotation(100, '"', { aux: "Missing samples (duration 0.25 s)" }),
    ]);
    expect([...samplesOf(read)[0].subarray(99, 101)]).toEqual([50, 7]);
  });

  it("spreads many annotations of one moment over the data records", () => {
    const annotations = Array.from({ length: 300 }, () => annotation(10, '"', { aux: "x".repeat(100) }));
    const made = makeSource({ signals: [{ samples: new Int32Array(3600) }], annotations });
    const file = writeEdf(made);
    expect(file.length).toBeLessThan(100_000);
    expect(openEdf(written(file.parts()), "a.edf").annotators[0].annotations).toEqual(annotations);
  });
});

describe("the format", () => {
  it("is recognised by the first bytes alone", () => {
    const files = ["x", "y.bdf", "z.edf"].map((name, i) => ({
      name,
      firstBytes: i === 2 ? new Uint8Array(512) : makeEdf({ ...plain, isBdf: i === 1 }),
    }));
    const { recordings, others } = findRecordings(files);
    expect(recordings.map(({ name, format, files: all }) => [name, format.id, all])).toEqual([
      ["x", "edf", ["x"]],
      ["y", "edf", ["y.bdf"]],
    ]);
    expect(others).toEqual(["z.edf"]);
    expect(recordingFormat("edf").open("x", new Map([["x", makeEdf(plain)]])).frames).toBe(8);
    expect(() => recordingFormat("edf").open("x", new Map())).toThrow("The file x is missing.");
    expect(() => recordingFormat("zip")).toThrow("There is no format zip.");
  });
});
