/** Corrections of patients after the import, and preparations that keep the earlier ones. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { UNKNOWN_ORIGIN } from "../../../contract/domain/dataset-records.ts";
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import { readManifest } from "../../store/manifest.ts";
import { openServices, type Services } from "../compose.ts";

const NAMES = ["a", "b", "c"];
let folder: string;
let services: Services;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-patients-"));
  services = openServices(folder, { mode: "write", warn: () => {} });
  const { workspace } = services;
  const records = NAMES.map((name) => ({
    ...UNKNOWN_ORIGIN,
    ...{ name, usable: true, rate: 360, length: 3600, leads: ["II"], beats: { N: 30, V: 20 }, otherAnnotations: 0 },
    ...{ comments: [], findings: [], place: name === "c" ? "ward" : "" },
  }));
  const dataset = { name: "Clinic", source: "/x", fingerprint: "d".repeat(64), createdAt: "2026-01-01T00:00:00Z" };
  workspace.keep("datasets", workspace.stage("datasets"), () =>
    workspace.datasets.add({ ...dataset, patientsFrom: null }, { records, findings: [] }),
  );
  prepare(1);
});
afterEach(async () => {
  await services.close();
  rmSync(folder, { recursive: true, force: true });
});

function prepare(version: number): number {
  const settings = { ...defaultPreparation("inter-patient"), rate: 360 };
  const summary = {
    ...{ settings, labels: ["N", "V"], counts: [], totals: { train: 2, validation: 1, test: 1 }, beats: 4 },
    ...{ sharedRecords: [], caveats: ["First."], recordsBySet: { train: ["a"], validation: ["b"], test: ["c"] } },
    leftOut: { outsideRecord: 0, missingSamples: 0, symbols: {}, smallClasses: {}, records: [] },
  };
  const row = { name: "", datasetId: 1, settings, summary, fingerprint: "c".repeat(64), seconds: 1, createdAt: "" };
  return services.workspace.preparations.add(row, version);
}

const labels = (version?: number): (string | null)[] =>
  services.workspace.datasets.records(1, version).map(({ patient }) => patient);

it("changes the named recordings alone, by their name or with their folder", () => {
  const { patients, results } = services;
  expect(patients.correct(1, { a: " P1 ", "ward/c": "P1", missing: "P9" })).toEqual({
    changed: ["a", "c"],
    unused: ["missing"],
    outdated: [1],
  });
  expect(labels()).toEqual(["P1", null, "P1"]);
  expect(results.dataset(1).dataset.patientsFrom).toBeNull();
  patients.correct(1, { b: "P2" });
  expect(results.dataset(1).dataset.patientsFrom).toBe("table");
  expect(patients.correct(1, { b: "P2" }).changed).toEqual([]);
  expect(() => patients.correct(1, { missing: "P9" })).toThrow("Dataset 1 has none of these recordings: missing.");
});

it("undoes corrections one after the other", () => {
  const { patients, results } = services;
  patients.correct(1, { a: "P1", b: "P1" });
  patients.correct(1, { b: "", c: "P3" });
  expect(labels()).toEqual(["P1", null, "P3"]);
  expect(results.dataset(1).correction?.patients).toEqual({ b: "P1", c: null });
  patients.undo(1);
  expect(labels()).toEqual(["P1", "P1", null]);
  patients.undo(1);
  expect(labels()).toEqual([null, null, null]);
  expect(() => patients.undo(1)).toThrow("No correction of the patients of dataset 1 can be undone.");
});

it("leaves earlier preparations their patients, says so, and finds them again once it is undone", () => {
  const { patients, results, workspace } = services;
  patients.correct(1, { a: "P1", c: "P1" });
  expect(labels(1)).toEqual([null, null, null]);
  const outdated = results.preparation(1);
  expect(outdated.isOutdated).toBe(true);
  expect(outdated.summary.caveats).toEqual([
    expect.stringContaining("Patients of the dataset were corrected"),
    "First.",
  ]);
  const { settings } = outdated;
  const of = (version: number) => ({ id: 1, versions: workspace.datasets.sameVersions(1, version) });
  expect(workspace.preparations.findBySettings(of(2), settings)).toBeUndefined();
  const second = prepare(2);
  expect(results.preparation(second).isOutdated).toBeUndefined();
  patients.undo(1);
  expect(results.preparation(1).isOutdated).toBeUndefined();
  expect(results.preparation(second).isOutdated).toBe(true);
  expect(workspace.preparations.findBySettings(of(3), settings)?.id).toBe(1);
});

it("does not call a preparation outdated where a patient has another label", () => {
  const { patients, results } = services;
  patients.correct(1, { a: "P1", b: "P2", c: "P3" });
  const second = prepare(2);
  patients.correct(1, { a: "Q1" });
  expect(results.preparation(second).isOutdated).toBeUndefined();
});

it("stores corrections in the dataset's manifest, so that a lost database gets them back", async () => {
  services.patients.correct(1, { a: "P1" });
  const manifest = readManifest(services.workspace.path("datasets", 1));
  expect(manifest).toMatchObject({ content: { corrections: [{ version: 2, patients: { a: null } }] } });
  expect(services.workspace.agreesWithManifest("datasets", 1)).toBe(true);
  await services.close();
  rmSync(join(folder, "ectopy.sqlite"), { force: true });
  for (const suffix of ["-wal", "-shm"]) rmSync(join(folder, `ectopy.sqlite${suffix}`), { force: true });
  services = openServices(folder, { mode: "write", warn: () => {} });
  expect([labels(), labels(1)]).toEqual([
    ["P1", null, null],
    [null, null, null],
  ]);
  services.patients.undo(1);
  expect(labels()).toEqual([null, null, null]);
});
