import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MISSING_SAMPLE, type Annotation } from "../../../contract/domain/recordings.ts";
import { writeAnnotations } from "./annotations.ts";
import { format16 } from "./formats/16.ts";
import { signalFormats } from "./formats/index.ts";
import { healthReport } from "../health.ts";
import { checkRecord, readRecord, type RecordFiles } from "./record.ts";
import { writeSignals } from "./signals.ts";
import { annotation } from "../../../../tests/support/annotation.ts";

const rate = 100;
const length = 2000;
const beat = (sample: number, symbol = "N"): Annotation => annotation(sample, symbol);
const moving = Int16Array.from({ length }, (_, i) => (i * 7) % 100);

type Change = Partial<Omit<RecordFiles, "header">> & { header?: string };

function files({ header, ...change }: Change = {}, samples = moving): RecordFiles {
  return {
    name: "r",
    header: Buffer.from(header ?? `r 1 ${rate} ${length}\nr.dat 16 200 16 0\n# 69 M`),
    signals: new Map([["r.dat", writeSignals(format16, [samples])]]),
    annotator: "atr",
    annotations: writeAnnotations([beat(100), beat(200, "V"), beat(250, "+"), beat(300), beat(400, "A")]),
    ...change,
  };
}
const messages = (change: Change, samples?: Int16Array<ArrayBuffer>): string[] =>
  readRecord(files(change, samples)).health.findings.map(({ message }) => message);

describe("readRecord", () => {
  it("returns recording, annotations and beats per symbol of an undamaged record, without findings", () => {
    const { recording, annotations, health } = readRecord(files());
    expect(recording?.signals[0]!.samples).toEqual(moving);
    expect(annotations.map(({ sample }) => sample)).toEqual([100, 200, 250, 300, 400]);
    expect(health).toEqual({
      name: "r",
      usable: true,
      rate,
      length,
      leads: ["signal 1"],
      beats: { A: 1, N: 2, V: 1 },
      otherAnnotations: 1,
      comments: ["69 M"],
      findings: [],
    });
  });

  it("returns no recording for a damaged record, and names the reason", () => {
    const { recording, annotations, health } = readRecord(files({ header: "" }));
    expect([recording, annotations, health.usable]).toEqual([null, [], false]);
    expect(health.findings).toEqual([
      {
        severity: "damaged",
        message: "r.hea has no record line.",
        fix: "Copy the record again from its source, or exclude it.",
      },
    ]);
    const unsupported = files({ header: `r 1 ${rate} ${length}\nr.dat 99 200 16 0` });
    expect(readRecord(unsupported).health.findings).toMatchObject([{ code: "unsupported" }]);
  });

  it("reads what there is of a truncated signal, and of an annotation file that ends within an annotation", () => {
    const cut = files({ header: `r 1 ${rate} 4000\nr.dat 16 200` });
    const { recording, health } = readRecord(cut);
    expect([recording?.length, health.usable]).toEqual([2000, true]);
    expect(health.findings[0]).toMatchObject({
      code: "truncated",
      severity: "warning",
      message: "r.dat is shorter than its header: it has 2000 of 4000 samples of each signal, 2000 are missing.",
    });
    const annotations = writeAnnotations([beat(100), beat(200, "V")]).subarray(0, 3);
    const read = readRecord(files({ annotations }));
    expect(read.annotations.map(({ sample }) => sample)).toEqual([100]);
    expect(read.health.findings.map(({ message }) => message)).toEqual([
      "r.atr ends inside an annotation at byte 2. The 1 annotations before it were read.",
    ]);
  });

  it("reads a record whose name is no record name of WFDB", () => {
    expect(readRecord(files({ name: "a copy (1)" })).health).toMatchObject({ name: "a copy (1)", usable: true });
  });

  it("warns of missing and of empty annotations", () => {
    expect(messages({ annotations: null })).toEqual(["r.atr is missing: the recording has no annotated beats."]);
    expect(messages({ annotations: writeAnnotations([beat(9, "+")]) })).toEqual(["r.atr has no beat annotations."]);
  });

  it("warns of annotations beyond the end, decreasing times and doubled R-peaks, and sorts by time", () => {
    const odd = files({ annotations: writeAnnotations([beat(500), beat(100), beat(105), beat(100), beat(2000)]) });
    const { annotations, health } = readRecord(odd);
    expect(annotations.map(({ sample }) => sample)).toEqual([100, 100, 105, 500, 2000]);
    expect(health.findings.map(({ message }) => message)).toEqual([
      "r.atr: 1 annotations are beyond the end of the recording (sample 2000).",
      "r.atr is not in order of time at annotation 2 (sample 100).",
      "r.atr: 2 beats follow the previous one within 100 ms, the first at sample 100; some R-peaks may be annotated twice.",
    ]);
    expect(health.usable).toBe(true);
  });

  it("warns of flat leads and missing samples", () => {
    expect(messages({}, new Int16Array(length).fill(3))).toEqual(["Lead signal 1 is flat from start to end."]);
    // 5 s at 100 Hz; one sample less is not reported.
    expect(messages({}, moving.slice().fill(5, 700, 1200))).toEqual(["Lead signal 1 is flat for 5.0 s."]);
    expect(messages({}, moving.slice().fill(5, 701, 1200))).toEqual([]);
    expect(messages({}, moving.slice().fill(MISSING_SAMPLE, 0, 1000))).toEqual([
      "Lead signal 1: 1000 of 2000 samples are missing (50 %).",
    ]);
  });

  it("warns of another name in the header, and of a missing gain", () => {
    expect(messages({ header: `q 1 ${rate} ${length}\nr.dat 16 200 16` })).toEqual(["r.hea has the record name q."]);
    expect(messages({ header: `r 1 ${rate} ${length}\nr.dat 16` })[0]).toContain("has no gain for 1 signals");
  });

  it("converts annotations of another time resolution to the record's samples", () => {
    const { annotations, health } = readRecord(
      files({ annotations: writeAnnotations([beat(1000), beat(2004)], { timeResolution: 1000 }) }),
    );
    // 1000 ticks at 1000 Hz are 1 s, sample 100; 2004 are 200.4.
    expect(annotations.map(({ sample }) => sample)).toEqual([100, 200]);
    expect(health.findings.map(({ severity }) => severity)).toEqual(["note"]);
  });
});

describe("readRecord of a record without signals", () => {
  it("says that times of beats alone are not supported, and how many there are", () => {
    const bare = { header: `r 0 ${rate} ${length}` };
    const beats = writeAnnotations([beat(1000), beat(1200)]);
    expect(readRecord(files({ ...bare, annotations: beats })).health).toMatchObject({
      usable: false,
      findings: [{ code: "unsupported", message: "Record r has annotations (2 by atr), but no signals." }],
    });
    const none = readRecord(files({ ...bare, annotations: writeAnnotations([]) })).health;
    expect(none.findings).toMatchObject([{ severity: "damaged", message: "Record r has no signals." }]);
  });
});

describe("readRecord with a time resolution", () => {
  it("leaves out annotations that the conversion moves beyond the longest record", () => {
    const annotations = writeAnnotations([beat(1000)], { timeResolution: 0.000001 });
    expect(readRecord(files({ annotations })).health).toMatchObject({
      usable: true,
      findings: [
        { severity: "note" },
        {
          message:
            "r.atr counts time at 0.000001 Hz: an annotation has the impossible sample number 100000000000. Its annotations were left out.",
        },
        { code: "no-beats" },
      ],
    });
  });
});

describe("healthReport", () => {
  it("sums over usable records, with beats in order of code point", () => {
    const sound = readRecord(files()).health;
    const damaged = readRecord(files({ header: "" })).health;
    const stray = { severity: "note" as const, message: "notes.txt is no recording.", fix: "" };
    expect(healthReport([sound, damaged, sound], [stray])).toEqual({
      records: [sound, damaged, sound],
      findings: [stray],
      usableRecords: 2,
      damagedRecords: 1,
      beats: { A: 2, N: 4, V: 2 },
      // Two records of 2000 samples at 100 Hz.
      seconds: 40,
    });
  });
});

describe("checkRecord", () => {
  it("returns the same health as readRecord, for undamaged and damaged records", () => {
    // Long intervals of one value, including missing samples, across the borders of decoded blocks.
    const stretch = fc.record({
      value: fc.constantFrom(MISSING_SAMPLE, 0, 1, 2),
      count: fc.constantFrom(1, 2, 499, 500, 8191, 8192, 9000),
    });
    const record = fc.record({
      stretches: fc.array(stretch, { minLength: 1, maxLength: 5 }),
      format: fc.constantFrom(...signalFormats.filter(({ differences }) => !differences)),
      leads: fc.constantFrom(1, 2, 3),
      skew: fc.constantFrom(0, 0, 1, 700, 20_000),
      more: fc.constantFrom(0, 0, 5),
      checksum: fc.constantFrom(" 16 0", " 16 0 1 77"),
    });
    fc.assert(
      fc.property(record, ({ stretches, format, leads, skew, more, checksum }) => {
        const samples = Int16Array.from(stretches.flatMap(({ value, count }) => Array<number>(count).fill(value)));
        const all = Array.from({ length: leads }, (_, lead) => samples.map((each) => each && each + lead));
        const given = all.map((one) => one.map((each) => (each < -1000 ? MISSING_SAMPLE : each)));
        const line = `r.dat ${format.code}${skew === 0 ? "" : `:${skew}`} 200${checksum}\n`;
        const changed = files({
          header: `r ${leads} ${rate} ${samples.length + more}\n${line.repeat(leads)}`,
          signals: new Map([["r.dat", writeSignals(format, given)]]),
        });
        expect(checkRecord(changed)).toEqual(readRecord(changed).health);
      }),
    );
  });

  it("finds the same in blocks as in all samples at once", () => {
    const odd = moving.slice();
    odd.fill(MISSING_SAMPLE, 5, 9).fill(3, 100, 1500);
    const { findings } = checkRecord(files({}, odd));
    expect(findings.map(({ message }) => message)).toEqual([
      "Lead signal 1: 4 of 2000 samples are missing (0.20 %).",
      "Lead signal 1 is flat for 14.0 s.",
    ]);
  });
});
