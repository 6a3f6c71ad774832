import { describe, expect, it } from "vitest";
import { earlierPreparation } from "../../../tests/support/earlier-preparation.ts";
import { defaultPreparation } from "../settings/defaults.ts";
import { leadCounts, leadNumber, preparedFrom, resolvePreparation, suitableLeads } from "./leads.ts";
import { windowOf, type Preparation } from "./preparation.ts";

const recordings = (...leads: string[][]) => leads.map((each, i) => ({ name: `r${i}`, leads: each, rate: 360 }));
const settings = defaultPreparation("inter-patient");

describe("the lead of a recording", () => {
  it("is the first of the names that it has, wherever it is", () => {
    const leads = { leads: ["MLII", "II"] };
    expect(leadNumber(["MLII", "V5"], leads)).toBe(0);
    expect(leadNumber(["V5", "MLII"], leads)).toBe(1);
    expect(leadNumber(["II", "V5"], leads)).toBe(0);
    expect(leadNumber(["V1"], leads)).toBe(-1);
  });

  it("is found under the names that EDF and small letters give it", () => {
    expect(leadNumber(["Resp", "ECG ii"], { leads: ["II"] })).toBe(1);
    expect(leadNumber(["ECG1"], { leads: ["ECG"] })).toBe(-1);
  });

  it("is the one at a position where leads are chosen so", () => {
    expect(leadNumber(["V5", "MLII"], { signal: 0 })).toBe(0);
    expect(leadNumber(["V5"], { signal: 1 })).toBe(-1);
  });
});

describe("suitable leads", () => {
  it("give every recording of MIT-BIH one: V5 where there is no MLII", () => {
    expect(suitableLeads(recordings(["MLII", "V1"], ["V5", "V2"], ["V5", "MLII"], ["V5", "V2"]))).toEqual([
      "MLII",
      "V5",
    ]);
  });

  it("are the most common names in other databases, and never respiration", () => {
    expect(suitableLeads(recordings(["ECG1", "ECG2"], ["ECG1"]))).toEqual(["ECG1"]);
    expect(suitableLeads(recordings(["RESP"], ["RESP", "V4"]))).toEqual(["V4"]);
    expect(suitableLeads([])).toEqual([]);
  });

  it("are counted by recordings", () => {
    expect(leadCounts(recordings(["V1", "II"], ["II"]))).toEqual([
      ["II", 2],
      ["V1", 1],
    ]);
  });
});

describe("the open settings of a preparation", () => {
  it("become the leads' names and the most common rate; of several, the lowest", () => {
    const mixed = [
      { name: "a", leads: ["II"], rate: 500 },
      { name: "b", leads: ["II"], rate: 250 },
    ];
    expect(resolvePreparation(settings, mixed)).toMatchObject({ leads: ["II"], rate: 250 });
    expect(resolvePreparation({ ...settings, records: ["a"] }, mixed).rate).toBe(500);
    expect(resolvePreparation({ ...settings, rate: 100, leads: ["V1"] }, mixed)).toMatchObject({
      leads: ["V1"],
      rate: 100,
    });
  });

  it("ignore the rate of a recording without beats", () => {
    const given = [
      { name: "a", leads: ["II"], rate: 100, beats: {} },
      { name: "b", leads: ["II"], rate: 250, beats: { N: 3 } },
    ];
    expect(resolvePreparation(settings, given).rate).toBe(250);
  });

  it("stay as they are in preparations of earlier versions", () => {
    const earlier = earlierPreparation("inter-patient");
    expect(resolvePreparation(earlier, recordings(["V5"]))).toEqual(earlier);
    expect(windowOf(earlier)).toEqual({ before: 180, after: 180 });
    const preparation = { settings: earlier, summary: {} } as Preparation;
    const of = recordings(["V5", "MLII"], ["MLII"]).map((each) => ({ ...each, usable: true }));
    expect(preparedFrom(preparation, of)).toEqual({ leads: ["V5", "MLII"], rate: 360 });
  });
});

it("a window of ±500 ms has 180 + 180 samples at 360 Hz, and 64 + 64 at 128 Hz", () => {
  expect(windowOf({ ...settings, rate: 360 })).toEqual({ before: 180, after: 180 });
  expect(windowOf({ ...settings, rate: 128 })).toEqual({ before: 64, after: 64 });
  expect(() => windowOf(settings)).toThrow(RangeError);
});
