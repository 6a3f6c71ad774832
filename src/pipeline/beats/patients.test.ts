import { expect, it } from "vitest";
import { mitBihRecord } from "../../../tests/support/beat-tables.ts";
import { arePatientsKnown, patientsOf } from "./patients.ts";

const recording = (name: string, patient: string | null = null) => ({ name, patient, knownAs: null });

it("gives all recordings of a patient one number", () => {
  const records = [recording("data_21_7", "21"), recording("data_8_2", "8"), recording("data_21_8", "21")];
  expect(patientsOf(records)).toEqual([0, 1, 0]);
  expect(arePatientsKnown(records)).toBe(true);
});

it("counts a recording whose patient is unknown as one patient, whatever its name", () => {
  const records = [recording("21"), recording("data_21_7", "21"), recording("201"), recording("202")];
  expect(patientsOf(records)).toEqual([0, 1, 2, 3]);
  expect(arePatientsKnown(records)).toBe(false);
});

it("assigns 201 and 202 of MIT-BIH to one patient, by their data alone", () => {
  expect(patientsOf(["200", "201", "202", "203"].map(mitBihRecord))).toEqual([0, 1, 1, 2]);
  expect(patientsOf([mitBihRecord("202"), mitBihRecord("100"), { ...mitBihRecord("201"), name: "renamed" }])).toEqual([
    0, 1, 0,
  ]);
  expect(arePatientsKnown([mitBihRecord("100")])).toBe(true);
});
