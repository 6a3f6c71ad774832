/** Imports the folders of tests/cases (made by users of other programs), and compares with what is right for each. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImportSettings } from "../../../contract/domain/datasets.ts";
import type { DatasetRecord } from "../../../contract/domain/dataset-records.ts";
import { groupFindings } from "../../../contract/domain/finding-groups.ts";
import { isMitBih } from "../../../pipeline/beats/mitbih.ts";
import { patientsOf } from "../../../pipeline/beats/patients.ts";
import { parseRecord } from "../../../pipeline/recordings/wfdb/record.ts";
import { sampleFiles } from "../../../../tests/support/sample-records.ts";
import { zipOf } from "../../../../tests/support/zip.ts";
import { openWorkspace, type Workspace } from "../../store/workspace.ts";
import { listTree } from "../../workers/folder-tree.ts";
import { checkPath } from "../../workers/named-paths.ts";
import { DiskFolder } from "../../workers/disk-folder.ts";
import { loadRecord } from "../../workers/record-files.ts";
import type { UserFiles } from "../../workers/user-files.ts";
import { BinService } from "../workspace/bin.ts";
import { Verifier } from "../workspace/verifier.ts";
import { DatasetService } from "./datasets.ts";

const CASES = join(import.meta.dirname, "../../../../tests/cases");

let folder: string;
let workspace: Workspace;
let datasets: DatasetService;
const watch = { progress: () => {}, signal: new AbortController().signal };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-import-cases-"));
  workspace = openWorkspace(join(folder, "workspace"), "write", () => {});
  // In this process: a folder of a test always answers.
  const userFiles = {
    check: (path: string) => Promise.resolve(checkPath(path, "recordings")),
    listTree: (path: string, shown: string) => Promise.resolve(listTree(path, shown)),
  } as unknown as UserFiles;
  datasets = new DatasetService(workspace, {
    bin: new BinService(workspace, () => {}),
    verifier: new Verifier(workspace),
    userFiles,
  });
});
afterAll(async () => {
  await datasets.close();
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

const inspect = (name: string) => datasets.inspect(join(CASES, name), watch);

async function importCase(path: string, choices: ImportSettings = {}) {
  const { dataset, report, alreadyThere } = await datasets.importFrom(path, { ...watch, ...choices });
  const records = workspace.datasets.records(dataset.id);
  return { dataset, report, alreadyThere, records, files: readdirSync(workspace.path("datasets", dataset.id)).sort() };
}

const samplesOf = (id: number, record: string, lead: number): number[] =>
  [
    ...parseRecord(loadRecord(new DiskFolder(workspace.path("datasets", id)), record)).recording.signals[lead].samples,
  ].slice(0, 3);
const messages = (records: readonly DatasetRecord[]): string =>
  records.flatMap(({ findings }) => findings.map(({ message }) => message)).join(" ");

describe("an inspection", () => {
  it("finds records two folders down, and shows their place (a3)", async () => {
    const { records, places } = await inspect("a3-nested");
    expect(records.map(({ name, place }) => [name, place])).toEqual([
      ["s1", "P/patient001"],
      ["s2", "P/patient002"],
    ]);
    expect(places).toHaveLength(2);
  });

  it("lists leads by name, with the positions that differ (a5)", async () => {
    const { leads } = await inspect("a5-lead-order");
    expect(leads).toEqual([
      { lead: "MLII", records: 2, positions: { "1": 1, "2": 1 }, units: { mV: 2 }, missingIn: [] },
      { lead: "V5", records: 2, positions: { "1": 1, "2": 1 }, units: { mV: 2 }, missingIn: [] },
    ]);
  });

  it("groups six recordings by their three subjects (a6)", async () => {
    const { records, patientsFrom } = await inspect("a6-subjects");
    expect(patientsFrom).toBe("names");
    expect(records.map(({ name, patient }) => `${name}: ${patient}`)).toEqual([
      "data_21_7: 21",
      "data_21_8: 21",
      "data_35_4: 35",
      "data_35_6: 35",
      "data_8_2: 8",
      "data_8_3: 8",
    ]);
  });

  it("lists annotators with their symbols and counts (a7)", async () => {
    const { annotators, records } = await inspect("a7-other-annotator");
    expect(annotators).toEqual([{ annotator: "qrs", records: 1, symbols: { N: 5 } }]);
    expect(records[0]).toMatchObject({ beats: { N: 5 }, details: { annotator: "qrs" } });
  });

  it("lists the units of a lead (a8)", async () => {
    const { leads } = await inspect("a8-microvolt");
    expect(leads).toMatchObject([{ lead: "I", records: 2, units: { mV: 1, uV: 1 } }]);
  });

  it("leaves files of operating systems aside, without a finding (b3)", async () => {
    const { records, leftOut, findings } = await inspect("b3-appledouble");
    expect(records.map(({ name }) => name)).toEqual(["r"]);
    expect([leftOut, findings]).toEqual([[], []]);
  });

  it("takes a signal file for no orphan that another header names (b6)", async () => {
    const { records, leftOut, findings } = await inspect("b6-false-orphan");
    expect(records).toMatchObject([{ name: "r", usable: true, length: 720 }]);
    expect([leftOut, findings]).toEqual([[], []]);
  });

  it("copies nothing, and is forgotten when it is discarded", async () => {
    const before = workspace.datasets.ids();
    const { id } = await inspect("b4-upper-case");
    expect(workspace.datasets.ids()).toEqual(before);
    await datasets.discard(id);
    expect(() => datasets.inspection(id)).toThrow("no longer held");
  });

  it("lists what is left out with the reason, and does not enter links to folders", async () => {
    const path = join(folder, "mixed");
    cpSync(join(CASES, "b6-false-orphan"), path, { recursive: true });
    writeFileSync(join(path, "lone.dat"), "x");
    writeFileSync(join(path, "notes.txt"), "not a recording");
    writeFileSync(join(path, "voice.wav"), "RIFF");
    writeFileSync(join(path, "more.zip"), "PK");
    writeFileSync(join(path, "Thumbs.db"), "x");
    mkdirSync(join(path, "__MACOSX"));
    writeFileSync(join(path, "__MACOSX", "r.hea"), "x");
    symlinkSync(join(CASES, "a3-nested"), join(path, "elsewhere"));
    const { records, leftOut, findings } = await datasets.inspect(path, watch);
    expect(records).toHaveLength(1);
    expect(leftOut.map(({ file, reason }) => `${file}: ${reason}`).sort()).toEqual([
      "elsewhere: link",
      "lone.dat: no-header",
      "more.zip: archive",
      "voice.wav: not-a-recording",
    ]);
    expect(findings.map(({ message }) => message)).toEqual(["A file has no header: lone.dat."]);
  });
});

describe("an import", () => {
  it("takes records of the same name in two folders under different names", async () => {
    const path = join(folder, "twins");
    for (const [place, name] of [
      ["a", "a5-lead-order"],
      ["b", "a8-microvolt"],
    ]) {
      cpSync(join(CASES, name), join(path, place), { recursive: true });
    }
    for (const suffix of ["hea", "dat", "atr"]) {
      const [from, to] = [join(path, "b", `mv.${suffix}`), join(path, "b", `r1.${suffix}`)];
      const bytes = readFileSync(from);
      writeFileSync(to, suffix === "hea" ? bytes.toString("latin1").replaceAll("mv", "r1") : bytes);
      rmSync(from);
    }
    const { records } = await importCase(path);
    expect(records.map(({ name, place, usable }) => [name, place, usable])).toEqual([
      ["a-r1", "a", true],
      ["b-r1", "b", true],
      ["r2", "a", true],
      ["uv", "b", true],
    ]);
    expect(records[0].details?.originalName).toBe("r1");
  });

  it("takes one lead by its name from both positions (a5)", async () => {
    const { dataset, records } = await importCase(join(CASES, "a5-lead-order"), { leads: ["mlii"] });
    expect(records.map(({ leads }) => leads)).toEqual([["MLII"], ["MLII"]]);
    const all = await importCase(join(CASES, "a5-lead-order"));
    expect(samplesOf(dataset.id, "r1", 0)).toEqual(samplesOf(all.dataset.id, "r1", 0));
    expect(samplesOf(dataset.id, "r2", 0)).toEqual(samplesOf(all.dataset.id, "r2", 1));
  });

  it("names the recordings without any of the chosen leads, and refuses where all are", async () => {
    await expect(importCase(join(CASES, "a5-lead-order"), { leads: ["aVR"] })).rejects.toThrow(
      /None of the 2 recordings .* r1 has none of the chosen leads \(aVR\): it has MLII, V5\./,
    );
  });

  it("keeps the subjects of six recordings, or those of a table (a6)", async () => {
    const { dataset, records } = await importCase(join(CASES, "a6-subjects"));
    expect(dataset.patientsFrom).toBe("names");
    expect(patientsOf(records)).toEqual([0, 0, 1, 1, 2, 2]);
    const patients = { data_21_7: "Q", data_8_2: "Q" };
    const table = await importCase(join(CASES, "a6-subjects"), { patients, leads: ["I"], name: "by table" });
    // The same recordings were imported before: the dataset of the first import.
    expect(table.alreadyThere).toBe(true);
    await expect(importCase(join(CASES, "a8-microvolt"), { patients: { x: "1" } })).rejects.toThrow(
      "names none of the recordings; it names x",
    );
    const named = await importCase(join(CASES, "a8-microvolt"), { patients: { mv: "1", uv: "1", other: "2" } });
    expect(named.dataset.patientsFrom).toBe("table");
    expect(named.records.map(({ patient }) => patient)).toEqual(["1", "1"]);
    expect(named.report.findings.map(({ message }) => message).join()).toContain("were not imported: other");
  });

  it("uses the chosen annotator, and stores its annotations (a7)", async () => {
    const { records, files } = await importCase(join(CASES, "a7-other-annotator"), { annotator: "qrs" });
    expect(records).toMatchObject([{ beats: { N: 5 }, annotators: [{ annotator: "qrs", symbols: { N: 5 } }] }]);
    expect(files).toContain("r.qrs");
  });

  it("takes a recording without annotations by the chosen annotator as a usable one", async () => {
    const { records } = await importCase(join(CASES, "a7-other-annotator"), { annotator: "atr", name: "without" });
    expect(records).toMatchObject([{ usable: true, beats: {} }]);
  });

  it("reads files with names in capital letters (b4)", async () => {
    const { records } = await importCase(join(CASES, "b4-upper-case"));
    expect(records).toMatchObject([{ name: "R", usable: true, length: 720, beats: { N: 3 } }]);
  });

  it("knows MIT-BIH by its data: records that are only named like it are no DS1 and DS2 (n1)", async () => {
    const { dataset, records } = await importCase(join(CASES, "n1-own-records-named-like-mitbih"));
    expect(records.map(({ name }) => name)).toEqual(["100", "101", "102", "104", "201", "202"]);
    expect(isMitBih(records)).toBe(false);
    expect(new Set(patientsOf(records)).size).toBe(6);
    expect(dataset.patientsFrom).toBeNull();
  });

  it("names recordings of other datasets, and recordings twice, by their samples", async () => {
    const path = join(folder, "again");
    mkdirSync(path);
    for (const suffix of ["hea", "dat", "atr"]) {
      const bytes = readFileSync(join(CASES, "n1-own-records-named-like-mitbih", `100.${suffix}`));
      for (const name of ["x", "y"]) {
        const text = bytes.toString("latin1").replaceAll("100", name);
        writeFileSync(join(path, `${name}.${suffix}`), suffix === "hea" ? text : bytes);
      }
    }
    const { records, report } = await importCase(path);
    expect(messages(records)).toContain("The samples are those of recording x.");
    expect(report.findings.map(({ message }) => message).join()).toMatch(
      /The samples of 2 recordings are also in dataset \d+, n1-own-records-named-like-mitbih: x, y\./,
    );
    expect(patientsOf(records)).toEqual([0, 0]);
  });

  it("imports one file, one folder of several, and what an inspection has found", async () => {
    const one = await importCase(join(CASES, "a6-subjects", "data_8_2.hea"));
    expect(one.records.map(({ name }) => name)).toEqual(["data_8_2"]);
    expect(one.dataset.name).toBe("data_8_2");
    const part = await importCase(join(CASES, "a3-nested"), { places: ["P/patient002"] });
    expect(part.records.map(({ name, place }) => [name, place])).toEqual([["s2", "P/patient002"]]);
    const inspection = await inspect("b3-appledouble");
    const imported = await importCase(join(CASES, "b3-appledouble"), { inspection: inspection.id, name: "inspected" });
    expect(imported.dataset).toMatchObject({ name: "inspected", source: join(CASES, "b3-appledouble") });
    expect(() => datasets.inspection(inspection.id)).toThrow("no longer held");
  });

  it("reads a ZIP file where it is, and keeps no unpacked file", async () => {
    const entries = [...sampleFiles("s03")].map(([name, bytes]) => ({ name: `x/y/${name}`, bytes, deflate: true }));
    const path = join(folder, "packed.zip");
    const zip = zipOf([...entries, { name: "x/inner.zip", bytes: Buffer.from("PK") }]);
    writeFileSync(path, zip);
    const inspection = await datasets.inspect(path, watch);
    expect(inspection).toMatchObject({ name: "packed", records: [{ name: "s03", place: "x/y" }] });
    expect(inspection.leftOut).toEqual([{ place: "", file: "x/inner.zip", reason: "archive" }]);
    rmSync(path);
    await expect(importCase(path, { inspection: inspection.id })).rejects.toThrow("Not found: file packed.zip.");
    writeFileSync(path, zip);
    const { records } = await importCase(path, { inspection: inspection.id });
    expect(records.map(({ name, place }) => [name, place])).toEqual([["s03", "x/y"]]);
    expect(existsSync(join(folder, "workspace", "temporary"))).toBe(false);
  });
});

describe("recordings that are added to a dataset", () => {
  it("make its next version, keep the old ones and their patients, and are not added twice", async () => {
    const path = join(folder, "growing");
    mkdirSync(path);
    const add = (names: readonly string[]): void => {
      for (const name of names)
        for (const suffix of ["hea", "dat", "atr"])
          cpSync(join(CASES, "a6-subjects", `${name}.${suffix}`), join(path, `${name}.${suffix}`));
    };
    add(["data_21_7", "data_35_4"]);
    const first = await importCase(path, { name: "growing" });
    expect(first.dataset.patientsFrom).toBeNull();
    add(["data_21_8", "data_35_6"]);
    const second = await importCase(path, { addTo: first.dataset.id });
    expect(second.dataset).toMatchObject({ id: first.dataset.id, name: "growing", patientsFrom: "names" });
    expect(second.dataset.fingerprint).not.toBe(first.dataset.fingerprint);
    expect(second.records.map(({ name, patient, version }) => [name, patient, version])).toEqual([
      ["data_21_7", "21", 1],
      ["data_21_8", "21", 2],
      ["data_35_4", "35", 1],
      ["data_35_6", "35", 2],
    ]);
    expect(second.files.filter((file) => file.endsWith(".hea"))).toHaveLength(4);
    expect(workspace.damage("datasets", first.dataset.id, "content")).toEqual([]);
    expect(workspace.agreesWithManifest("datasets", first.dataset.id)).toBe(true);
    const third = await importCase(path, { addTo: first.dataset.id });
    expect(third.alreadyThere).toBe(true);
    expect(workspace.datasets.versions(first.dataset.id)).toHaveLength(2);
    // What was prepared of the first version keeps the patients that it had.
    expect(workspace.datasets.records(first.dataset.id, 1).map(({ patient }) => patient)).toEqual([null, null]);
    await expect(importCase(path, { addTo: 999 })).rejects.toThrow("There is no dataset 999.");
  });
});

it("groups the findings of many recordings into one line", () => {
  const records = Array.from({ length: 14_010 }, (_, i) => ({
    name: `r${i}`,
    findings: [
      { code: "no-gain" as const, severity: "warning" as const, message: `r${i}.hea has no gain.`, fix: "Check it." },
      { severity: "note" as const, message: `r${i}.atr counts time at ${i} Hz.`, fix: "" },
    ],
  }));
  const groups = groupFindings(records);
  expect(groups.map(({ severity, records: of }) => [severity, of.length])).toEqual([
    ["warning", 14_010],
    ["note", 14_010],
  ]);
  expect(groups[0].fix).toBe("Check it.");
  expect(groups[0].records[7]).toMatchObject({ name: "r7", message: "r7.hea has no gain." });
});
