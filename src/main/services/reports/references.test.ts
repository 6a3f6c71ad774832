import { describe, expect, it } from "vitest";
import { PHYSIONET_CITATION, physioNetDatabases, physioNetPage } from "../../../contract/domain/physionet.ts";
import { references } from "./references.ts";
import { databaseOf, type ReportRun } from "./report-run.ts";

const nothing = { databases: [], interPatient: false, aami: false, denoised: false, smote: false, compared: false };
const { mitdb, svdb } = physioNetDatabases;

/** As far as its database is asked after. */
function runOn(source: string, records: readonly string[]): ReportRun {
  return { dataset: { source }, records: records.map((name) => ({ name })) } as unknown as ReportRun;
}

describe("a report cites", () => {
  it("each database as PhysioNet asks for it, and PhysioNet once", () => {
    const cited = references({ ...nothing, databases: [mitdb, svdb, mitdb] });
    expect(cited.slice(0, 3)).toEqual([mitdb.citation, PHYSIONET_CITATION, svdb.citation]);
    expect(references(nothing)).not.toContain(PHYSIONET_CITATION);
  });

  it("the inter-patient division where it is MIT-BIH's", () => {
    const divided = (databases: (typeof mitdb)[]): boolean =>
      references({ ...nothing, databases, interPatient: true }).some((text) => text.startsWith("de Chazal P"));
    expect([divided([mitdb]), divided([svdb]), divided([])]).toEqual([true, false, false]);
  });
});

describe("the database of a run", () => {
  it("is known by where its recordings were fetched from", () => {
    expect(databaseOf(runOn(physioNetPage(svdb), ["800", "801"]))).toBe(svdb);
  });

  it("is MIT-BIH's by the names of its records too, unless they are the sample's", () => {
    expect(databaseOf(runOn("/data/mitdb", ["100", "101"]))).toBe(mitdb);
    expect(databaseOf(runOn("/data/cohort", ["100", "x1"]))).toBeUndefined();
    expect(databaseOf(runOn("sample", ["100"]))).toBeUndefined();
  });
});
