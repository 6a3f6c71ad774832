/** Preparations of the real database: every count of the reference study, independent of the number of cores. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { defaultPreparation } from "../../src/contract/settings/defaults.ts";
import type { PreparationSettings } from "../../src/contract/domain/preparation.ts";
import { prepareBeats, type PreparedBeats } from "../../src/main/workers/prepare-beats.ts";
import { findRecordings } from "../../src/main/workers/find-recordings.ts";
import { mitdb, NO_MITDB } from "../support/real-data.ts";

/** The reference preparation by three threads, made once. */
let reference: Promise<PreparedBeats> | undefined;

function prepareReference(folder: string): Promise<PreparedBeats> {
  return (reference ??= prepare(folder, defaultPreparation("reference"), 3));
}

function prepare(folder: string, settings: PreparationSettings, workers = 2): Promise<PreparedBeats> {
  const { recordings } = findRecordings(folder);
  const records = recordings.map(({ name }) => ({
    ...{ name, patient: null, knownAs: `mitdb/${name}`, rate: 360 },
    leads: ["102", "104"].includes(name) ? ["V5", "V2"] : name === "114" ? ["V5", "MLII"] : ["MLII"],
  }));
  return prepareBeats({ folder, records, settings, workers, progress: () => {}, signal: new AbortController().signal });
}

function digest({ values, examples: { recipe, sets } }: PreparedBeats): string[] {
  return [values, recipe.base, recipe.neighbour, recipe.lambda, sets.train, sets.validation, sets.test].map((array) =>
    createHash("sha256")
      .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
      .digest("hex"),
  );
}

describe("the reference protocol on MIT-BIH", () => {
  it("reproduces every count of the study", async (ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    const { summary, table, values, examples } = await prepareReference(mitdb);
    const found = Object.fromEntries(summary.counts.map((c) => [c.label, c.found]));
    expect(found).toEqual({
      A: 2546,
      E: 106,
      F: 802,
      J: 83,
      L: 8071,
      N: 75011,
      Q: 33,
      R: 7255,
      V: 7129,
      a: 150,
      e: 16,
      f: 982,
      j: 229,
      x: 193,
    });
    expect(summary.leftOut.smallClasses).toEqual({ S: 2 });
    expect(summary.beats + 2).toBe(102_608);
    expect(summary.labels.join("")).toBe("AEFJLNQRVaefjx");
    expect(summary.totals).toEqual({ train: 615_085, validation: 205_029, test: 205_029 });
    const total = (label: string): number => {
      const c = summary.counts.find((counts) => counts.label === label)!;
      return c.train + c.validation + c.test;
    };
    expect(summary.labels.map(total)).toEqual(summary.labels.map((label) => (label === "N" ? 50_000 : 75_011)));
    expect(values.length).toBe(table.classes.length * 360);
    expect(values.every(Number.isFinite)).toBe(true);
    // Every beat is in one set at most.
    const seen = new Uint8Array(examples.classes.length);
    for (const part of Object.values(examples.sets)) for (const example of part) seen[example]++;
    expect(Math.max(...new Set(seen))).toBe(1);
    expect(seen.reduce((a, b) => a + b)).toBe(1_025_143);
  });

  it("is the same on one core and on three, to the last bit", async (ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    const byOne = await prepare(mitdb, defaultPreparation("reference"), 1);
    expect(digest(byOne)).toEqual(digest(await prepareReference(mitdb)));
  });
});

describe("the inter-patient protocol on MIT-BIH", () => {
  it("separates patients: DS2 is the test set, paced recordings are excluded", async (ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    const { summary, table, examples } = await prepare(mitdb, defaultPreparation("inter-patient"));
    expect(summary.labels).toEqual(["N", "S", "V", "F", "Q"]);
    expect(summary.leftOut.records).toEqual(["102", "104", "107", "217"]);
    expect(summary.sharedRecords).toEqual([]);
    const recordsOf = (part: Uint32Array): Set<string> => {
      const names = new Set<string>();
      for (const example of part) {
        const parents =
          example < examples.realCount
            ? [example]
            : [
                examples.recipe.base[example - examples.realCount],
                examples.recipe.neighbour[example - examples.realCount],
              ];
        for (const parent of parents) names.add(table.records[table.record[parent]]);
      }
      return names;
    };
    const test = [...recordsOf(examples.sets.test)].sort();
    expect(test.join(" ")).toBe(
      "100 103 105 111 113 117 121 123 200 202 210 212 213 214 219 221 222 228 231 232 233 234",
    );
    const train = recordsOf(examples.sets.train);
    const validation = recordsOf(examples.sets.validation);
    expect(train.isDisjointFrom(validation)).toBe(true);
    expect([...train, ...validation].sort().join(" ")).toBe(
      "101 106 108 109 112 114 115 116 118 119 122 124 201 203 205 207 208 209 215 220 223 230",
    );
    expect(summary.counts.every((c) => c.syntheticTest === 0 && c.syntheticValidation === 0)).toBe(true);
    expect(summary.caveats.join(" ")).toMatch(/201.*202.*one patient/);
  });

  // De Chazal 2004, table II (44 records, 100,733 beats): N, S, V, F, Q. A window of one sample on each side excludes no beat.
  const published = {
    DS1: [45_866, 944, 3_788, 415, 8],
    DS2: [44_259, 1_837, 3_221, 388, 7],
  };
  const settings = {
    ...{ ...defaultPreparation("inter-patient"), balancing: "none" as const, denoising: "none" as const },
    ...{ smallestClass: 1, beforeMs: 3, afterMs: 3 },
  };
  const countsOf = ({ summary }: PreparedBeats): number[][] => [
    summary.counts.map(({ train, validation }) => train + validation),
    summary.counts.map(({ test }) => test),
  ];

  it("has the published beats of DS1 and DS2", async (ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    expect(countsOf(await prepare(mitdb, settings))).toEqual([published.DS1, published.DS2]);
  });

  it("differs from them by beats without a full window alone: 25 of N and one of F, 24 of N and one of V", async (ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    const prepared = await prepare(mitdb, { ...settings, beforeMs: 500, afterMs: 500 });
    const [train, test] = countsOf(prepared);
    expect(train).toEqual([45_866 - 25, 944, 3_788, 415 - 1, 8]);
    expect(test).toEqual([44_259 - 24, 1_837, 3_221 - 1, 388, 7]);
    expect(prepared.summary.leftOut.outsideRecord).toBe(51);
  });

  it("leaves out 202, or 201 and 202, which are of one patient", async (ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    const without202 = await prepare(mitdb, { ...settings, withoutSharedPatient: true });
    expect(countsOf(without202)).toEqual([published.DS1, [42_198, 1_782, 3_202, 387, 7]]);
    const withoutBoth = await prepare(mitdb, { ...settings, withoutBothShared: true });
    expect(countsOf(withoutBoth)).toEqual([
      [44_231, 816, 3_590, 413, 8],
      [42_198, 1_782, 3_202, 387, 7],
    ]);
    expect(withoutBoth.summary.leftOut.records).toEqual(["102", "104", "107", "201", "202", "217"]);
  });
});

describe("the default protocol on MIT-BIH", () => {
  it("balances the training set alone", async (ctx) => {
    if (mitdb === undefined) return ctx.skip(NO_MITDB);
    const { summary } = await prepare(mitdb, defaultPreparation("intra-patient"));
    expect(summary.counts.every((c) => c.syntheticTest === 0 && c.syntheticValidation === 0)).toBe(true);
    const sizes = new Set(summary.counts.map((c) => c.train));
    expect(sizes.size).toBe(1);
    const real = summary.counts.reduce((sum, c) => sum + c.train - c.syntheticTrain + c.validation + c.test, 0);
    expect(real).toBe(102_606);
    // ⌈n/5⌉ for the test set, then a quarter of the rest for validation.
    expect(summary.totals.test).toBe(20_522);
    expect(summary.totals.validation).toBe(20_521);
  });
});
