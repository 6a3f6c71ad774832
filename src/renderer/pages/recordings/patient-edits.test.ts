import { expect, it } from "vitest";
import { changesOf, countPatients, matching, withPatient } from "./patient-edits.ts";

const records = [
  { name: "a1", place: "ward/A", patient: null, usable: true },
  { name: "b1", place: "", patient: "B", usable: true },
  { name: "damaged", place: "", patient: null, usable: false },
];

it("sends what an edit changes alone, an empty patient as unknown", () => {
  const edits = withPatient({ b1: " B " }, ["a1", "damaged"], "A");
  expect(changesOf(edits, records)).toEqual({ a1: "A", damaged: "A" });
  expect(changesOf({ b1: "" }, records)).toEqual({ b1: null });
  expect(changesOf({ a1: "" }, records)).toEqual({});
});

it("counts patients of usable recordings, and finds recordings by name, folder and edited patient", () => {
  expect(countPatients({}, records)).toEqual({ patients: 1, unknown: 1 });
  expect(countPatients({ a1: "B" }, records)).toEqual({ patients: 1, unknown: 0 });
  expect(matching(records, {}, "WARD").map(({ name }) => name)).toEqual(["a1"]);
  expect(matching(records, { damaged: "Xy" }, "x").map(({ name }) => name)).toEqual(["damaged"]);
});
