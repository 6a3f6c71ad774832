import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { AnnotationSet, SetAnnotation } from "../../contract/domain/annotation-sets.ts";
import type { Annotation } from "../../contract/domain/recordings.ts";
import { toColumns } from "../../pipeline/recordings/annotation-columns.ts";
import { openWorkspace, type Workspace } from "./workspace.ts";

let folder: string;
let workspace: Workspace;
let dataset: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-annotation-sets-"));
  workspace = openWorkspace(folder, "write", () => {});
  const row = { name: "d", source: "s", fingerprint: "ab".repeat(32), createdAt: "2026-11-30", patientsFrom: null };
  dataset = workspace.datasets.add(row, { records: [], findings: [] });
});
afterEach(() => {
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

const annotation = (sample: number, symbol: string, subtype = 0): Annotation => ({
  sample,
  symbol,
  subtype,
  channel: 0,
  num: 0,
  aux: "",
});
const set = (): Omit<AnnotationSet, "id"> => ({
  datasetId: dataset,
  name: "detected",
  origin: "detected",
  parent: null,
  leads: ["II"],
  runs: [3, 5],
  createdAt: "2026-11-30T12:00:00.000Z",
});

it("returns what was stored, and replaces a set of the same name", () => {
  const { annotationSets } = workspace;
  const stored = [annotation(0, "N"), annotation(70_000, "~", -1), annotation(2 ** 31 - 1, "V")];
  const id = annotationSets.replace(set(), new Map([["100", stored]]));
  expect(annotationSets.list(dataset)).toEqual([{ id, ...set() }]);
  expect(annotationSets.annotations(id, "100")).toEqual(stored);
  expect(annotationSets.annotations(id, "101")).toBeNull();
  const next = annotationSets.replace(set(), new Map([["101", []]]));
  expect(annotationSets.list(dataset).map((each) => each.id)).toEqual([next]);
  expect(annotationSets.annotations(next, "101")).toEqual([]);
  expect(annotationSets.annotations(id, "100")).toBeNull();
});

it("keeps texts, probabilities and flags, and counts by symbol", () => {
  const { annotationSets } = workspace;
  const stored: SetAnnotation[] = [
    { ...annotation(3, "+"), aux: "(AFIB", unsure: false, unlike: false },
    { ...annotation(9, "V"), probability: 0.5, unsure: true, unlike: false },
    { ...annotation(12, "V"), probability: 0.75, unsure: false, unlike: true },
  ];
  const id = annotationSets.replace(set(), new Map([["100", stored]]));
  expect(annotationSets.annotations(id, "100")).toEqual(stored);
  expect(annotationSets.counts(id)).toEqual([{ record: "100", symbols: { "+": 1, V: 2 } }]);
  annotationSets.replaceRecord(id, "100", toColumns([annotation(4, "N")]));
  expect(annotationSets.annotations(id, "100")).toEqual([annotation(4, "N")]);
});

it("stores nothing where an annotation can't be stored", () => {
  const broken = new Map([["100", [annotation(5, "no symbol")]]]);
  expect(() => workspace.annotationSets.replace(set(), broken)).toThrow(RangeError);
  expect(workspace.annotationSets.list(dataset)).toEqual([]);
});

it("removes a set with its annotations", () => {
  const { annotationSets } = workspace;
  const id = annotationSets.replace(set(), new Map([["100", [annotation(5, "N")]]]));
  expect(annotationSets.remove(dataset, "detected")).toBe(true);
  expect(annotationSets.remove(dataset, "detected")).toBe(false);
  expect(annotationSets.annotations(id, "100")).toBeNull();
});
