import { describe, expect, it } from "vitest";
import {
  downloadTitle,
  formatDatabaseAddress,
  parseDatabaseAddress,
  patternsWithout,
  selectRecords,
} from "./physionet.ts";

describe("the address of a database", () => {
  it.each([
    ["svdb", "svdb"],
    [" EDB/1.0.0 ", "edb/1.0.0"],
    ["mitdb/1.0.0/x_mitdb/", "mitdb/1.0.0/x_mitdb"],
    ["https://physionet.org/content/ltdb/1.0.0/", "ltdb/1.0.0"],
    ["https://physionet.org/files/ptb-xl/1.0.3/records100?x=1#y", "ptb-xl/1.0.3/records100"],
    ["challenge-2021/training", "challenge-2021/training"],
  ])("%j is read as %s", (text, address) => {
    expect(formatDatabaseAddress(parseDatabaseAddress(text)!)).toBe(address);
  });

  it.each(["", "..", "../mitdb", "a/../b", "https://example.org/files/x/", "a b", "mitdb/1.0.0/..", "x".repeat(500)])(
    "%j is refused",
    (text) => {
      expect(parseDatabaseAddress(text)).toBeNull();
    },
  );
});

describe("the records of a choice", () => {
  const records = ["100", "101", "x/100", "200"].map((name) => ({ name }));
  const chosen = (...patterns: string[]): string[] => selectRecords(records, patterns).map(({ name }) => name);

  it("are all without a pattern, else those with the name or of the pattern", () => {
    expect(chosen()).toHaveLength(4);
    expect(chosen("101", "2*")).toEqual(["101", "200"]);
    expect(chosen("*100")).toEqual(["100", "x/100"]);
    expect(chosen("1*0*1", "x*0")).toEqual(["101", "x/100"]);
    expect(chosen("1*01")).toEqual(["101"]);
    expect(chosen("10*01")).toEqual([]);
  });

  it("name patterns that select nothing", () => {
    expect(patternsWithout(records, ["1*", "300"])).toEqual(["300"]);
  });
});

it("titles a job by the database, with or without its version", () => {
  expect(downloadTitle("svdb")).toBe(downloadTitle("svdb/1.0.0"));
  expect(downloadTitle("edb")).toBe("Download of edb");
});
