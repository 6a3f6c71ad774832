import { describe, expect, it } from "vitest";
import { DS1, DS2, PACED_RECORDS } from "./mitbih.ts";
import { chooseRecords } from "./records.ts";

const mitBih = [...DS1, ...DS2, ...PACED_RECORDS].sort();
const settings: Parameters<typeof chooseRecords>[1] = {
  protocol: "inter-patient",
  records: [],
  withoutSharedPatient: false,
};

describe("chooseRecords", () => {
  it("uses all recordings, except the paced ones of MIT-BIH in an inter-patient split", () => {
    expect(chooseRecords(mitBih, { ...settings, protocol: "reference" }).used).toEqual(mitBih);
    const { used, leftOut } = chooseRecords(mitBih, settings);
    expect(used).toHaveLength(44);
    expect(leftOut).toEqual(["102", "104", "107", "217"]);
    expect(chooseRecords(["102", "mine"], settings).used).toEqual(["102", "mine"]);
  });

  it("excludes 202 on request, where 201 is used", () => {
    const without = { ...settings, withoutSharedPatient: true };
    expect(chooseRecords(mitBih, without).leftOut).toEqual(["102", "104", "107", "202", "217"]);
    expect(chooseRecords(["100", "101", "202"], without).leftOut).toEqual([]);
    expect(chooseRecords(mitBih, { ...without, records: ["101", "202"] }).used).toEqual(["101", "202"]);
  });

  it("uses the recordings of the settings, and refuses missing ones", () => {
    const { used, leftOut } = chooseRecords(["a", "b", "c"], { ...settings, records: ["c", "a"] });
    expect(used).toEqual(["a", "c"]);
    expect(leftOut).toEqual(["b"]);
    expect(() => chooseRecords(["a"], { ...settings, records: ["z"] })).toThrow("no usable recording z");
    expect(() => chooseRecords(["102", "104"], settings)).toThrow("exclude all recordings");
  });
});
