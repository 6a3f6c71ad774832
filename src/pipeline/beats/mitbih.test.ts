import { expect, it } from "vitest";
import { DS1, DS2, isMitBih, PACED_RECORDS, patientsOf } from "./mitbih.ts";

it("divides the 48 records into DS1 (22), DS2 (22) and paced ones (4)", () => {
  expect([DS1.length, DS2.length, PACED_RECORDS.length]).toEqual([22, 22, 4]);
  expect(new Set([...DS1, ...DS2, ...PACED_RECORDS]).size).toBe(48);
});

it("recognises the database by its record names, also a subset of them", () => {
  expect(isMitBih([...DS1, ...DS2])).toBe(true);
  expect(isMitBih(["100", "mine"])).toBe(false);
  expect(isMitBih([])).toBe(false);
});

it("assigns 201 and 202 to one patient, in MIT-BIH only", () => {
  expect(patientsOf(["200", "201", "202", "203"])).toEqual([0, 1, 1, 2]);
  expect(patientsOf(["202", "100", "201"])).toEqual([0, 1, 0]);
  expect(patientsOf(["201", "202", "mine"])).toEqual([0, 1, 2]);
});
