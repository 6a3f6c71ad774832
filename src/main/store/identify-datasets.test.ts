import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { UNKNOWN_ORIGIN, type DatasetRecord } from "../../contract/domain/dataset-records.ts";
import { SAMPLE } from "../../contract/domain/datasets.ts";
import { MITDB_HASHES } from "../../pipeline/recordings/identity/mitdb-hashes.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-identify-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const record = (name: string): DatasetRecord => ({
  ...UNKNOWN_ORIGIN,
  name,
  usable: true,
  rate: 360,
  length: 100,
  leads: ["MLII"],
  beats: { N: 1 },
  otherAnnotations: 0,
  comments: [],
  findings: [],
});

/** Stores a dataset as an earlier version did, with the SHA-256 of its files in the manifest. */
function addDataset(workspace: Workspace, source: string, files: Record<string, string>): number {
  const staged = workspace.stage("datasets");
  const names = Object.keys(files);
  for (const name of names) writeFileSync(join(staged.path, `${name}.dat`), "signal");
  const stored = names.map((name) => ({ name: `${name}.dat`, bytes: 6, sha256: files[name].padEnd(64, "0") }));
  const fingerprint = String(workspace.datasets.ids().length).repeat(64);
  const row = { name: "old", source, fingerprint, createdAt: "2026-01-01T00:00:00Z", patientsFrom: null };
  const add = (): number => workspace.datasets.add(row, { records: names.map(record), findings: [] });
  return workspace.keep("datasets", staged, add, stored);
}

it("recognises MIT-BIH of earlier versions by its files, and not by the names of its records", () => {
  const warnings: string[] = [];
  let workspace = openWorkspace(folder, "write", () => {});
  // The first digits of the SHA-256 of 201.dat and 202.dat.
  const mitdb = addDataset(workspace, "/mitdb", { "201": digitsOf("201"), "202": digitsOf("202") });
  const own = addDataset(workspace, "/own", { "201": "12", "202": "34" });
  const sample = addDataset(workspace, SAMPLE, { s01: "56" });
  workspace.close();

  workspace = openWorkspace(folder, "write", (message) => warnings.push(message));
  const { datasets } = workspace;
  expect(datasets.records(mitdb)).toMatchObject([
    { name: "201", knownAs: "mitdb/201", patient: "201" },
    { name: "202", knownAs: "mitdb/202", patient: "201" },
  ]);
  expect(datasets.records(own)).toMatchObject([
    { name: "201", knownAs: null, patient: null },
    { name: "202", knownAs: null, patient: null },
  ]);
  expect([mitdb, own, sample].map((id) => datasets.find(id)?.patientsFrom)).toEqual(["database", null, "sample"]);
  expect(datasets.unidentified()).toEqual([]);
  // What was found out later does not contradict the manifests.
  expect([mitdb, own, sample].every((id) => workspace.agreesWithManifest("datasets", id))).toBe(true);
  expect(warnings).toEqual([]);
  workspace.close();
});

function digitsOf(name: string): string {
  const line = MITDB_HASHES.split("\n").find((each) => each.startsWith(`${name} `))!;
  return line.split(" ")[1];
}
