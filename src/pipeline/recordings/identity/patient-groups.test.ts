import { describe, expect, it } from "vitest";
import { groupPatients, type GroupedRecord } from "./patient-groups.ts";
import { parsePatientTable } from "../../../contract/domain/patient-table.ts";

const record = (name: string, changes: Partial<GroupedRecord> = {}): GroupedRecord => ({
  name,
  place: "",
  patient: null,
  knownAs: null,
  comments: [],
  ...changes,
});
const ofNames = (...names: string[]) => groupPatients(names.map((name) => record(name)));

describe("patients of recordings", () => {
  it("are read from record names of one form with a subject number", () => {
    const six = ["data_21_7", "data_21_8", "data_35_4", "data_35_6", "data_8_2", "data_8_3"];
    expect(ofNames(...six)).toEqual({ source: "names", patients: ["21", "21", "35", "35", "8", "8"] });
  });

  it.each([
    [["100", "101", "102"]],
    [["rec_1", "rec_2", "rec_3"]],
    [["data_1_1", "data_2_1", "data_3_1"]],
    [["data_1_1", "data_1_2", "data_1_3"]],
    [["data_1_1", "data_1_2", "other_2_1"]],
    [["data_1_1", "data_1_2", "x"]],
    [[]],
  ])("are unknown where the names %j hold no rule", (names) => {
    expect(ofNames(...names)).toEqual({ source: null, patients: names.map(() => null) });
  });

  it("are read from a number in the notes of every recording, never from a sentence", () => {
    const noted = ["Age: 27", "Subject: 21"];
    const records = [record("a", { comments: noted }), record("b", { comments: ["patient ID = A-7"] })];
    expect(groupPatients(records)).toEqual({ source: "notes", patients: ["21", "A-7"] });
    expect(groupPatients([record("a", { comments: ["The patient has atrial flutter."] })]).source).toBeNull();
    expect(groupPatients([record("a", { comments: noted }), record("b")]).source).toBeNull();
  });

  it("are read from a folder for each patient", () => {
    const records = [record("s1", { place: "ptb/patient001" }), record("s2", { place: "ptb/patient002" })];
    expect(groupPatients(records)).toEqual({ source: "folders", patients: ["001", "002"] });
  });

  it("are those of MIT-BIH, where the data are", () => {
    const records = [record("x", { knownAs: "mitdb/202" }), record("201", { knownAs: "mitdb/201" })];
    expect(groupPatients(records)).toEqual({ source: "database", patients: ["201", "201"] });
    expect(ofNames("201", "202").source).toBeNull();
  });
});

describe("a table of patients", () => {
  it("has two columns, with or without a heading, in any usual separator", () => {
    const expected = new Map([
      ["a", "1"],
      ["b", "one two"],
    ]);
    expect(parsePatientTable("record,patient\na,1\nb,one two\n", "t.csv")).toEqual(expected);
    expect(parsePatientTable('\uFEFFa;1\r\n\r\n"b";"one two"', "t.csv")).toEqual(expected);
    expect(parsePatientTable("a\t1\nb\tone two", "t.csv")).toEqual(expected);
  });

  it.each([
    ["a", "Line 1 of t.csv does not have two columns"],
    ["a,1\nb,", "Line 2 of t.csv does not have two columns"],
    ["a,1,2", "Line 1 of t.csv does not have two columns"],
    ["a,1\na,2", "Line 2 of t.csv gives record a a second patient, 2 after 1"],
    ["", "name no record"],
  ])("refuses %j with its line", (text, message) => {
    expect(() => parsePatientTable(text, "t.csv")).toThrow(message);
  });
});
