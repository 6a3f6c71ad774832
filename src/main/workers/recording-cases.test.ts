/** Small recordings that once were refused, or read wrongly: `tests/cases/README.md` has what is right. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Finding } from "../../contract/domain/recordings.ts";
import { physicalSamples } from "../../pipeline/beats/windows.ts";
import { readRecord, type RecordRead } from "../../pipeline/recordings/wfdb/record.ts";
import { openRecord } from "../../pipeline/recordings/wfdb/wfdb-source.ts";
import { makeMat4, makeMat5, type MatVariable } from "../../../tests/support/mat-files.ts";
import { samplesOf } from "../../../tests/support/sources.ts";
import { DiskFolder } from "./disk-folder.ts";
import { groupFiles } from "./find-recordings.ts";
import { openRecording } from "./open-recording.ts";
import { loadRecord } from "./record-files.ts";
import { storeRecord } from "./store-record.ts";
import { loadStoredRecord } from "./stored-record.ts";

const cases = new URL("../../../tests/cases/", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "ectopy-cases-"));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (name: string, record: string, annotators?: string[]): RecordRead =>
  readRecord(loadRecord(new DiskFolder(join(cases, name)), record, annotators));
const codes = (findings: readonly Finding[]): (string | undefined)[] => findings.map(({ code }) => code);
const firstSamples = ({ recording }: RecordRead): number[][] =>
  recording!.signals.map(({ samples }) => [...samples.subarray(0, 3)]);

describe("a recording", () => {
  it("without checksum and initial value is read with a remark (a1)", () => {
    const odd = read("a1-zero-checksum", "r");
    expect(odd.recording?.length).toBe(1440);
    // Values of wfdb-python 4.3.1.
    expect(firstSamples(odd)).toEqual([
      [995, 995, 995],
      [1011, 1011, 1011],
    ]);
    expect(odd.health.findings.map(({ code, severity }) => [code, severity])).toEqual([
      ["checksum", "note"],
      ["checksum", "note"],
    ]);
  });

  it("whose files were renamed is read, with a remark", () => {
    const place = mkdtempSync(join(folder, "renamed-"));
    for (const suffix of ["hea", "dat", "atr"]) {
      cpSync(join(cases, "a1-zero-checksum", `r.${suffix}`), join(place, `patient ❤.${suffix}`));
    }
    const found = groupFiles(new DiskFolder(place), readdirSync(place));
    expect(found).toMatchObject({ recordings: [{ name: "patient ❤" }], leftOut: [] });
    expect(found.recordings[0].files).toHaveLength(3);
    const renamed = readRecord(loadRecord(new DiskFolder(place), "patient ❤"));
    expect(firstSamples(renamed)).toEqual(firstSamples(read("a1-zero-checksum", "r")));
    expect(renamed.annotations).toHaveLength(5);
    expect(renamed.health.findings.map(({ message }) => message)).toContain(
      "The signal file r.dat is missing: the samples were read from a file that is called like the header.",
    );
  });

  it("is read as a MAT file of level 5 where its header names format 16+24", () => {
    const place = mkdtempSync(join(folder, "mat5-"));
    const val: MatVariable = { name: "val", rows: 2, columns: 3, kind: "int16", numbers: [1, -2, 3, -4, 5, 6] };
    const line = (lead: string): string => `A1.mat 16+24 1000/mV 16 0 0 0 0 ${lead}\n`;
    writeFileSync(join(place, "A1.hea"), `A1 2 500 3\n${line("I")}${line("II")}`);
    const readAs = (bytes: Uint8Array): [string, Int32Array[], (string | undefined)[]] => {
      writeFileSync(join(place, "A1.mat"), bytes);
      const { recordings } = groupFiles(new DiskFolder(place), ["A1.hea", "A1.mat"]);
      expect(recordings).toHaveLength(1);
      const source = openRecording(new DiskFolder(place), recordings[0]);
      return [recordings[0].format, samplesOf(source), codes(source.findings)];
    };
    const samples = [Int32Array.of(1, 3, 5), Int32Array.of(-2, -4, 6)];
    expect(readAs(makeMat5([val]))).toEqual(["challenge-mat", samples, ["header"]]);
    // Level 4 has its samples at byte 24, as the header says.
    expect(readAs(makeMat4([val])).slice(0, 2)).toEqual(["wfdb", samples]);
  });

  it("with a date in odd dress is read, and its start is known (a4)", () => {
    const files = loadRecord(new DiskFolder(join(cases, "a4-date")), "E1");
    expect(openRecord(files).startsAt).toBe("2020-05-05T09:49:17");
    expect(readRecord(files).health).toMatchObject({ usable: true, details: { startsAt: "2020-05-05T09:49:17" } });
  });

  it("has its leads by name, in any order (a5)", () => {
    const leads = ["r1", "r2"].map((name) => read("a5-lead-order", name).health.leads);
    expect(leads).toEqual([
      ["MLII", "V5"],
      ["V5", "MLII"],
    ]);
  });

  it("is read with another annotator than atr (a7)", () => {
    expect(codes(read("a7-other-annotator", "r").health.findings)).toEqual(["no-annotations"]);
    const { annotations, health } = read("a7-other-annotator", "r", ["qrs"]);
    expect(annotations).toHaveLength(5);
    expect(health).toMatchObject({ beats: { N: 5 }, details: { annotator: "qrs" }, findings: [] });
  });

  it("in µV is read in mV (a8)", () => {
    const [mv, uv] = ["mv", "uv"].map((name) => read("a8-microvolt", name).recording!.signals[0]);
    expect([mv, uv].map(({ units, gain }) => [units, gain])).toEqual([
      ["mV", 200],
      ["mV", 200],
    ]);
    const out = new Float64Array(1);
    physicalSamples(uv, 0, 1, out);
    expect(out[0]).toBe((1118 - 1024) / 200);
    expect(read("a8-microvolt", "uv").health.details).toEqual({ units: ["uV"] });
  });

  it("has a header in UTF-8 (b1)", () => {
    expect(read("b1-utf8", "r").health).toMatchObject({
      leads: ["Ableitung für II", "V5"],
      comments: ["Gerät: José 37 °C"],
      findings: [],
    });
  });

  it("has a header with a byte order mark (b2)", () => {
    expect(read("b2-bom", "r").health).toMatchObject({ usable: true, length: 720, findings: [] });
  });

  it("has files in capital letters (b4)", () => {
    const { health } = read("b4-upper-case", "R");
    expect(health).toMatchObject({ usable: true, length: 720, leads: ["MLII", "V5"] });
    expect(Object.values(health.beats).reduce((sum, beats) => sum + beats, 0)).toBeGreaterThan(0);
  });

  it("has more signal lines than its record line announces (b5)", () => {
    const { health } = read("b5-extra-line", "r");
    expect(health).toMatchObject({ usable: true, leads: ["MLII", "V5"] });
    expect(health.findings.map(({ message }) => message)).toEqual([
      "r.hea, line 4: the record line announces 2 signals; this and further signal lines were ignored.",
    ]);
  });

  it("has a signal file that is not called like it (b6)", () => {
    expect(read("b6-false-orphan", "r").health).toMatchObject({ usable: true, length: 720, findings: [] });
  });

  it("has segments, and annotations for the whole (b9)", () => {
    const whole = read("b9-segments", "w");
    expect(whole.health).toMatchObject({ usable: true, length: 1440, leads: ["MLII", "V5"], findings: [] });
    expect(Object.values(whole.health.beats).reduce((sum, beats) => sum + beats, 0)).toBe(5);
    const parts = ["w1", "w2"].map((name) => read("b9-segments", name).recording!.signals[0].samples);
    expect([...whole.recording!.signals[0].samples]).toEqual(parts.flatMap((samples) => [...samples]));
  });

  it("has a folder in its record line (b10)", () => {
    const { health } = read("b10-name-with-folder", "z");
    expect(health).toMatchObject({ name: "z", usable: true, length: 720 });
    expect(health.findings.map(({ message }) => message)).toEqual([
      "z.hea, line 1: the record name “udb/z” has a folder, which was ignored.",
    ]);
  });

  it("defines its symbols with a line feed at the end (b11)", () => {
    const { annotations } = read("b11-definitions", "r");
    expect(annotations.map(({ sample, symbol }) => [sample, symbol])).toEqual([
      [77, "N"],
      [370, "c"],
      [662, "N"],
      [946, "M"],
      [1231, "N"],
    ]);
  });

  it("has one rate in frames of a second (b15)", () => {
    const { recording, health } = read("b15-one-rate-in-frames", "edf");
    expect(recording).toMatchObject({ rate: 360, length: 1440 });
    expect(recording?.signals.map(({ rate, samples }) => [rate, samples.length])).toEqual([
      [360, 1440],
      [360, 1440],
    ]);
    expect(recording?.signals[0].samples[0]).toBe(995);
    expect(codes(health.findings)).toEqual(["no-annotations"]);
  });

  it("has a flat lead, which is named (b16)", () => {
    const { health } = read("b16-flat-lead", "r");
    expect(health.findings.find(({ code }) => code === "flat-lead")?.message).toBe(
      "Lead V5 is flat from start to end.",
    );
  });

  it("has an offset, which is named (n3)", () => {
    const findings = ["r0", "r1", "r2"].flatMap((name) => read("n3-dc-offset", name).health.findings);
    expect(findings.map(({ code, message }) => [code, message.replace(/\d\.\d mV/, "x mV")])).toEqual(
      ["r0", "r1", "r2"].map(() => ["offset", "Lead I is x mV away from 0 on average."]),
    );
  });
});

describe("storing a recording", () => {
  const names: [string, string, string[] | undefined][] = [
    ["a1-zero-checksum", "r", undefined],
    ["a4-date", "E1", undefined],
    ["a7-other-annotator", "r", ["qrs"]],
    ["a8-microvolt", "uv", undefined],
    ["b1-utf8", "r", undefined],
    ["b4-upper-case", "R", undefined],
    ["b6-false-orphan", "r", undefined],
    ["b9-segments", "w", undefined],
    ["b10-name-with-folder", "z", undefined],
    ["b11-definitions", "r", undefined],
    ["b15-one-rate-in-frames", "edf", undefined],
  ];

  it.each(names)("keeps samples, leads and annotations of %s", (name, record, annotators) => {
    const destination = mkdtempSync(join(folder, `${name}-`));
    const input = { folder: new DiskFolder(join(cases, name)), name: record, annotators };
    const staging = join(destination, ".importing-0");
    const { health, files } = storeRecord({ ...input, destination, staging, withoutComments: false });
    expect([...readdirSync(destination)].sort()).toEqual(files.map((file) => file.name).sort());
    expect(existsSync(staging)).toBe(false);

    const original = read(name, record, annotators);
    const stored = readRecord(loadRecord(new DiskFolder(destination), record, annotators));
    expect(stored.recording).toEqual(original.recording);
    expect(stored.annotations).toEqual(original.annotations);
    expect({ ...health, findings: [] }).toEqual({ ...original.health, findings: [] });
    expect(health.findings).toEqual(original.health.findings);
    expect(() => loadStoredRecord(destination, record, annotators?.[0])).not.toThrow(/has changed/);
  });

  it("copies a record byte for byte where it is stored under its name", () => {
    const destination = mkdtempSync(join(folder, "bytes-"));
    const input = {
      folder: new DiskFolder(join(cases, "b1-utf8")),
      name: "r",
      destination,
      staging: join(destination, ".importing-0"),
    };
    const { files } = storeRecord({ ...input, withoutComments: false });
    expect(files.map(({ name, bytes }) => [name, bytes])).toEqual([
      ["r.dat", 2160],
      ["r.hea", 141],
      ["r.atr", 8],
    ]);
  });
});
