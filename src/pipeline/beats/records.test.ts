import { describe, expect, it } from "vitest";
import { mitBihRecord } from "../../../tests/support/beat-tables.ts";
import type { RecordIdentity } from "../../contract/domain/dataset-records.ts";
import { DS1, DS2, PACED_RECORDS } from "./mitbih.ts";
import { chooseRecords } from "./records.ts";

const names = [...DS1, ...DS2, ...PACED_RECORDS].sort();
const mitBih = names.map(mitBihRecord);
const others = (...own: string[]): RecordIdentity[] => own.map((name) => ({ name, patient: null, knownAs: null }));
const settings: Parameters<typeof chooseRecords>[1] = {
  protocol: "inter-patient",
  records: [],
  withoutSharedPatient: false,
};

describe("chooseRecords", () => {
  it("uses all recordings, except the paced ones of MIT-BIH in an inter-patient split", () => {
    expect(chooseRecords(mitBih, { ...settings, protocol: "reference" }).used.map(({ name }) => name)).toEqual(names);
    const { used, leftOut } = chooseRecords(mitBih, settings);
    expect(used).toHaveLength(44);
    expect(leftOut).toEqual(["102", "104", "107", "217"]);
    expect(chooseRecords(others("102", "104"), settings).leftOut).toEqual([]);
    expect(chooseRecords([mitBihRecord("102"), ...others("mine")], settings).leftOut).toEqual([]);
  });

  it("excludes 202 on request, where 201 is used", () => {
    const without = { ...settings, withoutSharedPatient: true };
    expect(chooseRecords(mitBih, without).leftOut).toEqual(["102", "104", "107", "202", "217"]);
    expect(chooseRecords(["100", "101", "202"].map(mitBihRecord), without).leftOut).toEqual([]);
    expect(chooseRecords(others("100", "201", "202"), without).leftOut).toEqual([]);
    const two = chooseRecords(mitBih, { ...without, records: ["101", "202"] }).used;
    expect(two.map(({ name }) => name)).toEqual(["101", "202"]);
  });

  it("uses the recordings of the settings, and refuses missing ones", () => {
    const { used, leftOut } = chooseRecords(others("a", "b", "c"), { ...settings, records: ["c", "a"] });
    expect(used.map(({ name }) => name)).toEqual(["a", "c"]);
    expect(leftOut).toEqual(["b"]);
    expect(() => chooseRecords(others("a"), { ...settings, records: ["z"] })).toThrow("no usable recording z");
    expect(() => chooseRecords(["102", "104"].map(mitBihRecord), settings)).toThrow("exclude all recordings");
  });
});
