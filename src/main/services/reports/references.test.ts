import { describe, expect, it } from "vitest";
import { PHYSIONET_CITATION, physioNetDatabases, physioNetPage } from "../../../contract/domain/physionet.ts";
import { references } from "./references.ts";
import { databaseOf, type ReportRun } from "./report-run.ts";

const nothing = { databases: [], interPatient: false, aami: false, denoised: false, smote: false, compared: false };
const { mitdb, svdb } = physioNetDatabases;

/** As far as its database is asked after. */
function runOn(source: string, knownAs: readonly (string | null)[]): ReportRun {
  const records = knownAs.map((known, i) => ({ name: `${100 + i}`, usable: true, knownAs: known }));
  return { dataset: { source }, records } as unknown as ReportRun;
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
    expect(databaseOf(runOn(physioNetPage(svdb), [null, null]))).toBe(svdb);
    const other = databaseOf(runOn("https://physionet.org/content/edb/1.0.0/", [null]));
    expect(other?.citation).toContain("https://physionet.org/content/edb/1.0.0/");
  });

  it("is MIT-BIH's by the samples of its records too, not by their names", () => {
    expect(databaseOf(runOn("/data/mitdb", ["mitdb/100", "mitdb/101"]))).toBe(mitdb);
    expect(databaseOf(runOn("/data/cohort", ["mitdb/100", null]))).toBeUndefined();
    expect(databaseOf(runOn("/data/own", [null, null]))).toBeUndefined();
  });
});
