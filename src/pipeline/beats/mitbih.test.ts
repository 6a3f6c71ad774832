import { expect, it } from "vitest";
import { mitBihRecord } from "../../../tests/support/beat-tables.ts";
import { DS1, DS2, isMitBih, mitBihNumber, PACED_RECORDS } from "./mitbih.ts";

it("divides the 48 records into DS1 (22), DS2 (22) and paced ones (4)", () => {
  expect([DS1.length, DS2.length, PACED_RECORDS.length]).toEqual([22, 22, 4]);
  expect(new Set([...DS1, ...DS2, ...PACED_RECORDS]).size).toBe(48);
});

it("recognises the database by its data, also a subset of it, under any name", () => {
  expect(isMitBih([...DS1, ...DS2].map(mitBihRecord))).toBe(true);
  expect(isMitBih([{ knownAs: "mitdb/100" }, { knownAs: null }])).toBe(false);
  expect(isMitBih([])).toBe(false);
  expect(mitBihNumber({ knownAs: "mitdb/100" })).toBe("100");
  expect(mitBihNumber({ knownAs: null })).toBeNull();
});
