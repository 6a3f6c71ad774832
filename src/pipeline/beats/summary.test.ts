import { describe, expect, it } from "vitest";
import { makeTable, referenceSettings } from "../../../tests/support/beat-tables.ts";
import type { PreparationSettings, PreparationSummary } from "../../contract/domain/preparation.ts";
import { DS1, DS2 } from "./mitbih.ts";
import { buildExamples, planProtocol } from "./protocols.ts";
import { summarise } from "./summary.ts";

function summaryOf(
  records: Record<string, Record<string, number>>,
  changes: Partial<PreparationSettings>,
): PreparationSummary {
  const settings = { ...referenceSettings, ...changes };
  const { table, found, leftOut } = makeTable(records);
  const plan = planProtocol(table, settings);
  const neighbours = (plan.balancing?.classes ?? []).map(({ members, k }) =>
    Int32Array.from({ length: members.length * k }, (_, i) => (Math.floor(i / k) + 1 + (i % k)) % members.length),
  );
  const examples = buildExamples(table, settings, plan, neighbours);
  return summarise({ settings, table, found, leftOut: { ...leftOut, records: ["left"] }, plan, examples });
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

  it("names the records on both sides, also those that are there as parents of synthetic beats", () => {
    // 40 synthetic V beats of two records spread over all sets, though each has three real ones.
    const summary = summaryOf({ a: { N: 50 }, b: { V: 3 }, c: { V: 3 }, d: {} }, { protocol: "reference" });
    expect(summary.sharedRecords).toEqual(["a", "b", "c"]);
    const apart = summaryOf(mitBih, { protocol: "inter-patient" });
    expect(apart.sharedRecords).toEqual([]);
    expect(apart.recordsBySet?.test).toEqual(DS2);
    expect([...apart.recordsBySet!.train, ...apart.recordsBySet!.validation].sort()).toEqual([...DS1].sort());
  });
});

describe("caveats", () => {
  it("say of the reference protocol that test beats are blends of training beats", () => {
    const { caveats } = summaryOf({ a: { N: 100, V: 20 }, b: { N: 10, V: 8 } }, { majorityCap: 100 });
    expect(caveats).toEqual([
      "Synthetic beats were made before the split: test beats are blends of training beats, so the test figures say " +
        "little about new patients.",
      expect.stringMatching(/^\d+ of the 42 test beats are synthetic\.$/),
      "Beats of the same patient stand in training and test (2 records of 2): the test figures show how well known " +
        "patients are read, not new ones.",
      "10 real beats of class N, drawn at random, are left out to hold it at 100.",
    ]);
  });

  it("say of intra-patient that patients are shared, and of x that it is no beat", () => {
    expect(summaryOf({ a: { N: 60, x: 20 } }, { protocol: "intra-patient" }).caveats).toEqual([
      "Beats of the same patient stand in training and test (1 record of 1): the test figures show how well known " +
        "patients are read, not new ones.",
      "Class x is a blocked P wave: the study counts it as a beat, though it is none.",
    ]);
  });

  it("say of MIT-BIH between patients that 201 and 202 are one, where both are there", () => {
    const { caveats } = summaryOf(mitBih, { protocol: "inter-patient" });
    expect(caveats[0]).toContain("how well new patients are read");
    expect(caveats[1]).toMatch(/^Records 201 \((training|validation)\) and 202 \(test\) are one patient\.$/);
    const without = { ...mitBih };
    delete without["202"];
    expect(summaryOf(without, { protocol: "inter-patient" }).caveats).toHaveLength(1);
  });

  it("say of other data between patients that a record is taken for a patient", () => {
    const records = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, { N: 9 }]));
    expect(summaryOf(records, { protocol: "inter-patient" }).caveats.at(1)).toContain(
      "Each record is taken for one patient",
    );
  });

  it("name classes with too few beats to blend, and classes missing from a set", () => {
    const { caveats } = summaryOf({ a: { N: 60, V: 4, S: 1, A: 2 } }, { protocol: "intra-patient" });
    expect(caveats.filter((caveat) => caveat.startsWith("Class"))).toEqual([
      "Class A has a single real beat to balance from: its synthetic beats are copies of it.",
      "Class S has a single real beat to balance from: its synthetic beats are copies of it.",
      "Class V has 2 real beats to balance from: its synthetic beats use 1 neighbour instead of 5.",
      "Class A has no beats in test: how well it is read cannot be shown.",
      "Class S has no beats in validation: it does not count there.",
      "Class S has no beats in test: how well it is read cannot be shown.",
    ]);
  });
});
