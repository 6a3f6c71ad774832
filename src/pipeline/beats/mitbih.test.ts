import { expect, it } from "vitest";
import { DS1, DS2, isMitBih, PACED_RECORDS, patientsOf } from "./mitbih.ts";

it("divides the 48 records into 22, 22 and 4 paced ones, each once", () => {
  expect([DS1.length, DS2.length, PACED_RECORDS.length]).toEqual([22, 22, 4]);
  expect(new Set([...DS1, ...DS2, ...PACED_RECORDS]).size).toBe(48);
});

it("knows the database by its record names, also a part of it", () => {
  expect(isMitBih([...DS1, ...DS2])).toBe(true);
  expect(isMitBih(["100", "mine"])).toBe(false);
  expect(isMitBih([])).toBe(false);
});

it("takes 201 and 202 for one patient, in MIT-BIH alone", () => {
  expect(patientsOf(["200", "201", "202", "203"])).toEqual([0, 1, 1, 2]);
  expect(patientsOf(["202", "100", "201"])).toEqual([0, 1, 0]);
  expect(patientsOf(["201", "202", "mine"])).toEqual([0, 1, 2]);
});
