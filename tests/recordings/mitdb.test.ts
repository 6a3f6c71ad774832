/** Reads the real MIT-BIH Arrhythmia Database as the app does. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { healthReport } from "../../src/pipeline/recordings/health.ts";
import { parseRecord, readRecord, type RecordFiles } from "../../src/pipeline/recordings/wfdb/record.ts";
import { mitdb, NO_MITDB } from "../support/real-data.ts";

const folder = mitdb ?? "";

function filesOf(name: string): RecordFiles {
  return {
    name,
    header: readFileSync(join(folder, `${name}.hea`)),
    signals: new Map([[`${name}.dat`, readFileSync(join(folder, `${name}.dat`))]]),
    annotator: "atr",
    annotations: readFileSync(join(folder, `${name}.atr`)),
  };
}

/** Records of the database; empty if it is missing. */
const names = mitdb ? readFileSync(join(folder, "RECORDS"), "latin1").split(/\s+/).filter(Boolean) : [];

describe("the MIT-BIH database", () => {
  beforeEach((ctx) => {
    if (names.length === 0) ctx.skip(NO_MITDB);
  });

  it("is read completely: 48 records, every checksum correct, no problems", () => {
    const read = names.map((name) => readRecord(filesOf(name)));
    const report = healthReport(read.map(({ health }) => health));
    expect(report).toMatchObject({ usableRecords: 48, damagedRecords: 0 });
    expect(report.records.flatMap(({ findings }) => findings)).toEqual([]);
    expect(report.seconds).toBeCloseTo((48 * 650000) / 360, 6);
    expect(read.every(({ recording }) => recording?.rate === 360 && recording.length === 650000)).toBe(true);
    // Counts of wfdb-python 4.3.1; tests/interop/wfdb.test.ts compares each annotation.
    expect(report.beats).toEqual({
      "/": 7028,
      A: 2546,
      E: 106,
      F: 803,
      J: 83,
      L: 8075,
      N: 75052,
      Q: 33,
      R: 7259,
      S: 2,
      V: 7130,
      a: 150,
      e: 16,
      f: 982,
      j: 229,
    });
    expect(report.records.reduce((sum, record) => sum + record.otherAnnotations, 0)).toBe(112647 - 109494);
  });

  it("reads a single lead with the same values as among all leads", () => {
    const files = filesOf("100");
    const both = readRecord(files).recording;
    const second = parseRecord(files, [1]).recording;
    expect(second.signals).toEqual([both?.signals[1]]);
  });

  it("detects a single changed bit, and a truncated file", () => {
    const files = filesOf("100");
    const bytes = new Uint8Array(readFileSync(join(folder, "100.dat")));
    bytes[1_234_567] = bytes[1_234_567] ^ 4;
    const changed = readRecord({ ...files, signals: new Map([["100.dat", bytes]]) });
    expect(changed.health.findings[0]?.message).toMatch(/^100\.dat: the samples of signal [12] have the checksum/);
    const cut = readRecord({ ...files, signals: new Map([["100.dat", bytes.subarray(0, 900_000)]]) });
    expect(cut.recording?.length).toBe(300_000);
    expect(cut.health.findings[0]?.message).toContain("it has 300000 of 650000 samples of each signal");
  });
});
