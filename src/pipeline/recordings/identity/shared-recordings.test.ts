import { expect, it } from "vitest";
import type { SampleIdentity } from "../../../contract/domain/dataset-records.ts";
import { sharedRecordings } from "./shared-recordings.ts";

const record = (name: string, changes: Partial<SampleIdentity> = {}): SampleIdentity => ({
  ...{ name, patient: null, knownAs: null, hashes: [] },
  ...changes,
});

it("finds recordings by the samples of one lead, and further recordings of their patient", () => {
  const records = [
    record("100", { hashes: ["aa", null], patient: "P" }),
    record("101", { hashes: ["bb"], patient: "P" }),
    record("102", { hashes: ["cc"], patient: "Q" }),
    record("103", { hashes: [null] }),
  ];
  // Equal names, equal labels of patients and flat leads mean nothing between datasets.
  const others = [record("102", { hashes: ["aa"], patient: "Q" }), record("103", { hashes: [null] })];
  expect(sharedRecordings(records, others)).toEqual(["100", "101"]);
});

it("knows patients of MIT-BIH by the data: 201 and 202 are of one", () => {
  const others = [record("x", { knownAs: "mitdb/202" })];
  const records = ["100", "201", "202"].map((number) =>
    record(number, { knownAs: `mitdb/${number}`, patient: number }),
  );
  expect(sharedRecordings(records, others)).toEqual(["201", "202"]);
});
