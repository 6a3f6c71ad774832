import { describe, expect, it } from "vitest";
import { makeTable, referenceSettings } from "../../../tests/support/beat-tables.ts";
import type { PreparationSettings, PreparationSummary } from "../../contract/domain/preparation.ts";
import { DS1, DS2 } from "./mitbih.ts";
import { buildExamples, planProtocol } from "./protocols.ts";
import { summarise, type SummaryInput } from "./summary.ts";

function summaryOf(
  records: Record<string, Record<string, number>>,
  changes: Partial<PreparationSettings>,
  mitBih = false,
  beside: Partial<Pick<SummaryInput, "recordings" | "oddities">> = {},
): PreparationSummary {
  const settings = { ...referenceSettings, ...changes };
  const { table, found, leftOut } = makeTable(records, 1, mitBih);
  const plan = planProtocol(table, settings);
  const neighbours = (plan.balancing?.classes ?? []).map(({ members, k }) =>
    Int32Array.from({ length: members.length * k }, (_, i) => (Math.floor(i / k) + 1 + (i % k)) % members.length),
  );
  const examples = buildExamples(table, settings, plan, neighbours);
  return summarise({
    ...{ settings, table, found, leftOut: { ...leftOut, records: ["left"] }, plan, examples },
    ...{ recordings: {}, oddities: [], ...beside },
  });
}

const mitBih = Object.fromEntries([...DS1, ...DS2].map((name) => [name, { N: 20, V: 8 }]));

describe("summarise", () => {
  it("counts real and synthetic beats by class and set", () => {
    const summary = summaryOf({ a: { N: 100, V: 20 } }, { protocol: "intra-patient" });
    expect(summary.labels).toEqual(["N", "V"]);
    const none = { syntheticValidation: 0, syntheticTest: 0 };
    expect(summary.counts).toEqual([
      { label: "N", found: 100, train: 60, validation: 20, test: 20, syntheticTrain: 0, ...none },
      { label: "V", found: 20, train: 60, validation: 4, test: 4, syntheticTrain: 48, ...none },
    ]);
    expect(summary.totals).toEqual({ train: 120, validation: 24, test: 24 });
    expect(summary.beats).toBe(120);
    expect(summary.leftOut.records).toEqual(["left"]);
  });

  it("names the recordings in several sets, including parents of synthetic beats", () => {
    // 40 synthetic V beats of two records spread over all sets, though each has three real ones.
    const summary = summaryOf({ a: { N: 50 }, b: { V: 3 }, c: { V: 3 }, d: {} }, { protocol: "reference" });
    expect(summary.sharedRecords).toEqual(["a", "b", "c"]);
    const apart = summaryOf(mitBih, { protocol: "inter-patient" }, true);
    expect(apart.sharedRecords).toEqual([]);
    expect(apart.recordsBySet?.test).toEqual(DS2);
    expect([...apart.recordsBySet!.train, ...apart.recordsBySet!.validation].sort()).toEqual([...DS1].sort());
  });
});

describe("caveats", () => {
  it("name the interpolated test beats of the reference protocol", () => {
    const { caveats } = summaryOf({ a: { N: 100, V: 20 }, b: { N: 10, V: 8 } }, { majorityCap: 100 });
    expect(caveats).toEqual([
      "The test set contains SMOTE interpolations of training beats, because balancing precedes the split: test metrics " +
        "say little about unseen patients.",
      expect.stringMatching(/^\d+ of the 42 test beats are synthetic\.$/),
      "2 of 2 recordings have beats in both training and test set: test metrics estimate performance on known patients, " +
        "not on unseen ones.",
      "The majority-class cap of 100 excludes 10 real beats of class N, drawn at random.",
    ]);
  });

  it("name shared patients of an intra-patient split, and class x", () => {
    expect(summaryOf({ a: { N: 60, x: 20 } }, { protocol: "intra-patient" }).caveats).toEqual([
      "1 of 1 recording has beats in both training and test set: test metrics estimate performance on known patients, " +
        "not on unseen ones.",
      "Class x is a blocked P wave: the reference study counts it as a beat, although it is none.",
    ]);
  });

  it("name recordings 201 and 202 of an inter-patient split, if both are used", () => {
    const { caveats } = summaryOf(mitBih, { protocol: "inter-patient" }, true);
    // One sentence on all patients: that every patient is in one set only would contradict it.
    expect(caveats).toHaveLength(1);
    expect(caveats[0]).toMatch(
      /^Recordings 201 \((training|validation) set\) and 202 \(test set\) are of one patient\. .* except on this one\.$/,
    );
    const without = { ...mitBih };
    delete without["202"];
    expect(summaryOf(without, { protocol: "inter-patient" }, true).caveats).toEqual([
      "Each patient's beats are in one set only: test metrics estimate performance on unseen patients.",
    ]);
  });

  it("say that patients are unknown where recordings are only named like MIT-BIH's", () => {
    expect(summaryOf(mitBih, { protocol: "inter-patient" }).caveats).toEqual([
      expect.stringContaining("Patients are unknown"),
    ]);
  });

  it("name the assumption of one patient for each recording, for other data", () => {
    const records = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, { N: 9 }]));
    expect(summaryOf(records, { protocol: "inter-patient" }).caveats[0]).toContain(
      "each recording counts as one patient",
    );
    const folds = { protocol: "cross-validation", fold: { number: 1, of: 2 } } as const;
    expect(summaryOf(records, folds).caveats[1]).toContain("each recording counts as one patient");
  });

  it("name classes with too few beats for SMOTE, and classes missing from a set", () => {
    const { caveats } = summaryOf({ a: { N: 60, V: 4, S: 1, A: 2 } }, { protocol: "intra-patient" });
    expect(caveats.filter((caveat) => caveat.startsWith("Class"))).toEqual([
      "Class A has a single real beat for SMOTE: its synthetic beats are copies of it.",
      "Class S has a single real beat for SMOTE: its synthetic beats are copies of it.",
      "Class V has 2 real beats for SMOTE, which uses 1 neighbour instead of 5.",
      "Class A has no test beats: its sensitivity can't be measured.",
      "Class S has no validation beats: validation metrics ignore it.",
      "Class S has no test beats: its sensitivity can't be measured.",
    ]);
  });
});

describe("limitations by leads and rates", () => {
  const given = { a: { N: 100, V: 20 }, b: { N: 10, V: 8 } };
  const one = { a: { lead: "MLII", rate: 360 }, b: { lead: "MLII", rate: 360 } };
  const caveatsOf = (changes: Partial<PreparationSettings>, beside: Parameters<typeof summaryOf>[3]): string =>
    summaryOf(given, { protocol: "intra-patient", rate: 360, ...changes }, false, beside).caveats.join("\n");

  it("say nothing where all recordings give one lead at the rate of the preparation", () => {
    expect(caveatsOf({}, { recordings: one })).not.toMatch(/resampled|different leads/);
  });

  it("name different leads, and what was resampled by which filter", () => {
    const recordings = { ...one, b: { lead: "V5", rate: 128 } };
    expect(caveatsOf({}, { recordings })).toMatch(/different leads: MLII of 1 recording, V5 of 1 recording/);
    expect(caveatsOf({}, { recordings })).toMatch(
      /1 recording of 128 Hz was resampled to 360 Hz \(polyphase FIR, Kaiser/,
    );
    expect(caveatsOf({}, { recordings })).toMatch(/128 Hz have nothing above half their rate/);
  });

  it("name recordings with an offset, unless each beat is normalised", () => {
    const oddities = ["a", "b"].map((record) => ({ record, code: "offset" as const, message: "" }));
    expect(caveatsOf({}, { oddities })).toMatch(/Recordings a, b: the lead is millivolts away from 0/);
    expect(caveatsOf({ normalisation: "z-score" }, { oddities })).not.toMatch(/millivolts/);
  });

  it("keep whether patients are known", () => {
    expect(summaryOf(given, { protocol: "intra-patient" }).patientsKnown).toBe(false);
    expect(summaryOf(mitBih, { protocol: "inter-patient" }, true).patientsKnown).toBe(true);
  });
});
