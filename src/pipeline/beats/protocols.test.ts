import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeTable, referenceSettings } from "../../../tests/support/beat-tables.ts";
import { setNames, type PreparationSettings } from "../../contract/domain/preparation.ts";
import type { BeatTable } from "./beat-table.ts";
import { DS1, DS2 } from "./mitbih.ts";
import { buildExamples, planProtocol, type Examples } from "./protocols.ts";

/** Runs both stages; the neighbours of a member are the following ones, cyclically. */
function prepare(table: BeatTable, changes: Partial<PreparationSettings> = {}): Examples {
  const settings = { ...referenceSettings, ...changes };
  const plan = planProtocol(table, settings);
  const neighbours = (plan.balancing?.classes ?? []).map(({ members, k }) =>
    Int32Array.from({ length: members.length * k }, (_, i) => (Math.floor(i / k) + 1 + (i % k)) % members.length),
  );
  return buildExamples(table, settings, plan, neighbours);
}

function countByClass({ classes, sets: examples }: Examples, set: (typeof setNames)[number], labels: number): number[] {
  const counts = Array<number>(labels).fill(0);
  for (const example of examples[set]) counts[classes[example]]++;
  return counts;
}

/** Class counts of the MIT-BIH Arrhythmia Database in the reference study. */
const STUDY_COUNTS = {
  ...{ N: 75_011, L: 8_071, R: 7_255, V: 7_129, A: 2_546, f: 982, F: 802, j: 229 },
  ...{ x: 193, a: 150, E: 106, J: 83, Q: 33, e: 16, S: 2 },
};

describe("the reference protocol", () => {
  const { table, leftOut } = makeTable({ all: STUDY_COUNTS }, 6);
  const examples = prepare(table);

  it("reproduces the study's counts: 102,608 beats → 14 classes → 1,025,143 → 615,085 / 205,029 / 205,029", () => {
    expect(table.classes.length + leftOut.smallClasses["S"]).toBe(102_608);
    expect(table.labels.join("")).toBe("AEFJLNQRVaefjx");
    expect(setNames.map((set) => examples.sets[set].length)).toEqual([615_085, 205_029, 205_029]);
    const sums = setNames.map((set) => countByClass(examples, set, 14));
    const totals = table.labels.map((_, number) => sums[0][number] + sums[1][number] + sums[2][number]);
    expect(totals).toEqual(table.labels.map((label) => (label === "N" ? 50_000 : 75_011)));
  });

  it("interpolates within a class, and has synthetic beats in every set", () => {
    const { classes, realCount, recipe } = examples;
    expect(recipe.base).toHaveLength(13 * 75_011 + 75_011 - 102_606);
    expect(recipe.base.every((base, row) => classes[base] === classes[realCount + row])).toBe(true);
    expect(recipe.neighbour.every((neighbour, row) => classes[neighbour] === classes[realCount + row])).toBe(true);
    for (const set of setNames) expect(examples.sets[set].some((example) => example >= realCount)).toBe(true);
  });

  it("has each example once", () => {
    const seen = new Uint8Array(examples.classes.length);
    for (const set of setNames) for (const example of examples.sets[set]) seen[example]++;
    expect(seen.every((times) => times <= 1)).toBe(true);
    expect(seen.reduce((a, b) => a + b)).toBe(1_025_143);
  });

  it("splits only the real beats without balancing", () => {
    const plain = prepare(table, { balancing: "none" });
    expect(plain.recipe.base).toHaveLength(0);
    expect(setNames.map((set) => plain.sets[set].length)).toEqual([61_563, 20_521, 20_522]);
  });
});

describe("the intra-patient protocol", () => {
  const { table } = makeTable({ r1: { N: 100, V: 20 }, r2: { N: 50, V: 20, A: 10 } });
  const examples = prepare(table, { protocol: "intra-patient" });

  it("balances the training set only: 90 beats of each class there, real ones in the other sets", () => {
    expect(countByClass(examples, "train", 3)).toEqual([90, 90, 90]);
    expect(countByClass(examples, "validation", 3)).toEqual([2, 30, 8]);
    expect(countByClass(examples, "test", 3)).toEqual([2, 30, 8]);
    for (const set of ["validation", "test"] as const) {
      expect(examples.sets[set].every((example) => example < examples.realCount)).toBe(true);
    }
  });

  it("interpolates training beats only", () => {
    const training = new Set(examples.sets.train);
    expect(examples.recipe.base.every((beat) => training.has(beat))).toBe(true);
    expect(examples.recipe.neighbour.every((beat) => training.has(beat))).toBe(true);
  });

  it("caps every class of the training set", () => {
    const capped = prepare(table, { protocol: "intra-patient", majorityCap: 40 });
    expect(countByClass(capped, "train", 3)).toEqual([40, 40, 40]);
    expect(capped.sets.test).toEqual(examples.sets.test);
  });

  it("is the same for the same seed, and differs for another seed", () => {
    expect(prepare(table, { protocol: "intra-patient" })).toEqual(examples);
    expect(prepare(table, { protocol: "intra-patient", seed: 1 }).sets.test).not.toEqual(examples.sets.test);
  });
});

describe("the inter-patient protocol", () => {
  const recordsOf = (table: BeatTable, examples: Examples, set: (typeof setNames)[number]): string[] => {
    const real = examples.sets[set].filter((example) => example < examples.realCount);
    return [...new Set(Array.from(real, (example) => table.records[table.record[example]]))];
  };

  it("tests MIT-BIH on DS2, and validates on whole patients of DS1", () => {
    const { table } = makeTable(Object.fromEntries([...DS1, ...DS2].map((name) => [name, { N: 20, V: 5 }])), 1, true);
    const examples = prepare(table, { protocol: "inter-patient" });
    expect(recordsOf(table, examples, "test").sort()).toEqual([...DS2].sort());
    const training = recordsOf(table, examples, "train");
    const validation = recordsOf(table, examples, "validation");
    // A quarter of 22 is 5.5; in binary 0.6 / 0.8 lies just under 3/4, so that the validation set is rounded up.
    expect([training.length, validation.length]).toEqual([16, 6]);
    expect([...training, ...validation].sort()).toEqual([...DS1].sort());
    expect(countByClass(examples, "train", 2)).toEqual([16 * 20, 16 * 20]);
  });

  it("splits other data by patient into all three sets", () => {
    const names = Array.from({ length: 10 }, (_, i) => `patient${i}`);
    const { table } = makeTable(Object.fromEntries(names.map((name) => [name, { N: 20, V: 5 }])));
    const examples = prepare(table, { protocol: "inter-patient" });
    const sets = setNames.map((set) => recordsOf(table, examples, set));
    expect(sets.map((records) => records.length)).toEqual([6, 2, 2]);
    expect(sets.flat().sort()).toEqual(names);
  });

  it("splits recordings that are only named like MIT-BIH's by search, not into DS1 and DS2", () => {
    const { table } = makeTable(Object.fromEntries(DS1.map((name) => [name, { N: 20, V: 5 }])));
    const examples = prepare(table, { protocol: "inter-patient" });
    expect(setNames.map((set) => recordsOf(table, examples, set).length)).toEqual([13, 5, 4]);
  });

  it("keeps all recordings of a patient in one set", () => {
    const names = Array.from({ length: 12 }, (_, i) => `data_${i >> 1}_${i % 2}`);
    const { table } = makeTable(Object.fromEntries(names.map((name) => [name, { N: 20, V: 5 }])));
    table.identities = names.map((name) => ({ name, patient: name.split("_")[1], knownAs: null }));
    const examples = prepare(table, { protocol: "inter-patient" });
    const patients = setNames.map((set) => new Set(recordsOf(table, examples, set).map((name) => name.split("_")[1])));
    expect(patients.reduce((sum, { size }) => sum + size, 0)).toBe(6);
  });

  it("throws where a set would be empty", () => {
    const only = (names: readonly string[]): BeatTable =>
      makeTable(Object.fromEntries(names.map((name) => [name, { N: 9 }])), 1, true).table;
    expect(() => prepare(only(DS1), { protocol: "inter-patient" })).toThrow("No beats are left for the test set.");
    expect(() => prepare(only(["101", "100"]), { protocol: "inter-patient" })).toThrow(
      "The beats of 1 patient cannot be divided into 2 sets.",
    );
    expect(() => prepare(only(["100"]), { protocol: "reference" })).not.toThrow();
    expect(() => prepare(makeTable({ a: { N: 1 } }).table)).toThrow("No beats are left for the training set.");
  });
});

describe("patient-wise cross-validation", () => {
  const names = Array.from({ length: 11 }, (_, i) => `p${i}`);
  const { table } = makeTable(Object.fromEntries(names.map((name, i) => [name, { N: 30 + i, V: 5, A: i % 2 }])));
  /** Returns the recordings of each set. */
  const recordsOf = ({ sets: examples, realCount }: Examples) =>
    setNames.map(
      (set) => new Set([...examples[set]].filter((e) => e < realCount).map((e) => table.records[table.record[e]])),
    );

  it.each([2, 3, 5])("with %i folds tests every patient once, and never trains on a tested patient", (of) => {
    const tested = Array.from({ length: of }, (_, i) => {
      const examples = prepare(table, { protocol: "cross-validation", fold: { number: i + 1, of } });
      const [train, validation, test] = recordsOf(examples);
      expect(train.size + validation.size + test.size).toBe(names.length);
      expect(new Set([...train, ...validation, ...test]).size).toBe(names.length);
      // Only the training set is balanced.
      for (const set of ["validation", "test"] as const) {
        expect([...examples.sets[set]].every((example) => example < examples.realCount)).toBe(true);
      }
      return [...test];
    });
    expect(tested.flat().sort()).toEqual([...names].sort());
    const sizes = tested.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it("keeps recordings 201 and 202, which are of one patient, in one fold", () => {
    const mitbih = makeTable(
      Object.fromEntries([...DS1, ...DS2].map((name) => [name, { N: 20, V: 4 }])),
      1,
      true,
    ).table;
    for (let number = 1; number <= 5; number++) {
      const examples = prepare(mitbih, { protocol: "cross-validation", fold: { number, of: 5 } });
      const setOf = (name: string) =>
        setNames.filter((set) =>
          [...examples.sets[set]].some((e) => e < examples.realCount && mitbih.records[mitbih.record[e]] === name),
        );
      expect(setOf("201")).toEqual(setOf("202"));
    }
  });

  it("refuses a missing fold, and more folds than patients", () => {
    expect(() => prepare(table, { protocol: "cross-validation" })).toThrow("needs a test fold");
    expect(() => prepare(table, { protocol: "cross-validation", fold: { number: 1, of: 12 } })).toThrow(
      "cannot be divided",
    );
  });
});

describe("a custom split", () => {
  const { table } = makeTable({ a: { N: 9 }, b: { N: 8 }, c: { N: 7 }, d: { N: 6 }, e: { N: 5 } });
  const recordsOf = (examples: Examples, set: (typeof setNames)[number]): string[] => [
    ...new Set(Array.from(examples.sets[set], (beat) => table.records[table.record[beat]])),
  ];
  const split = (assigned: PreparationSettings["assigned"], of = table): Examples =>
    prepare(of, { protocol: "custom-split", balancing: "none", assigned });

  it("tests the assigned recordings", () => {
    const examples = split({ validation: ["b"], test: ["d", "e"] });
    expect(setNames.map((set) => recordsOf(examples, set))).toEqual([["a", "c"], ["b"], ["d", "e"]]);
  });

  it("draws the validation set from the training patients where none is assigned", () => {
    const examples = split({ validation: [], test: ["e"] });
    expect(recordsOf(examples, "test")).toEqual(["e"]);
    expect(recordsOf(examples, "validation")).toHaveLength(1);
    expect([...recordsOf(examples, "train"), ...recordsOf(examples, "validation")].sort()).toEqual([
      "a",
      "b",
      "c",
      "d",
    ]);
  });

  it("refuses a patient in several sets, a recording in two, and a split without test recordings", () => {
    const shared = { ...table, identities: table.records.map((name) => ({ name, patient: "1", knownAs: null })) };
    expect(() => split({ validation: [], test: ["e"] }, shared)).toThrow("Recordings a, b, c, d, e are of one patient");
    expect(() => split({ validation: ["e"], test: ["e"] })).toThrow("Recording e is in validation and test set.");
    expect(() => split({ validation: ["e"], test: [] })).toThrow("A custom split needs test recordings.");
  });
});

it("puts no patient into two sets, whatever the recordings, by any protocol by patient", () => {
  const patients = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 8, maxLength: 20 });
  fc.assert(
    fc.property(patients, fc.integer({ min: 0, max: 1000 }), (of, seed) => {
      // Eight patients at least: some recordings share the first ones.
      const numbers = [...Array(8).keys(), ...of];
      const names = numbers.map((_, i) => `r${i}`);
      const { table } = makeTable(
        Object.fromEntries(names.map((name, i) => [name, { N: 3 + (i % 4), V: 1 + (i % 3) }])),
      );
      table.identities = names.map((name, i) => ({ name, patient: String(numbers[i]), knownAs: null }));
      const test = names.filter((_, i) => numbers[i] < 2);
      const validation = names.filter((_, i) => numbers[i] === 2);
      const protocols: Partial<PreparationSettings>[] = [
        { protocol: "inter-patient" },
        { protocol: "cross-validation", fold: { number: 1 + (seed % 4), of: 4 } },
        // Leave-one-patient-out.
        { protocol: "cross-validation", fold: { number: 1 + (seed % 8), of: 8 } },
        { protocol: "custom-split", assigned: { validation, test } },
        { protocol: "custom-split", assigned: { validation: [], test } },
      ];
      for (const changes of protocols) {
        const examples = prepare(table, { ...changes, seed });
        const setsOf = new Map<number, Set<string>>();
        for (const set of setNames) {
          for (const example of examples.sets[set]) {
            const row = example - examples.realCount;
            const parents = row < 0 ? [example] : [examples.recipe.base[row], examples.recipe.neighbour[row]];
            for (const beat of parents) {
              const patient = numbers[table.record[beat]];
              setsOf.set(patient, (setsOf.get(patient) ?? new Set()).add(set));
            }
          }
        }
        expect([...setsOf.values()].every((sets) => sets.size === 1)).toBe(true);
        expect(setsOf.size).toBe(8);
        if (changes.fold?.of === 8) expect([...setsOf.values()].filter((sets) => sets.has("test"))).toHaveLength(1);
      }
    }),
    { seed: 1, numRuns: 25 },
  );
});

describe("a given test set", () => {
  const { table } = makeTable({ a: { N: 32, V: 8 }, b: { N: 12, V: 6 } });
  const settings: PreparationSettings = {
    ...referenceSettings,
    protocol: "given-test-set",
    testTables: ["b"],
    balancing: "none",
    fractions: [0.6, 0.2, 0.2],
  };

  it("has the beats of the given tables alone, and the others are split within each class", () => {
    const { sets, classes } = buildExamples(table, settings, planProtocol(table, settings), []);
    expect([...sets.test].every((row) => table.record[row] === 1)).toBe(true);
    expect(sets.test).toHaveLength(18);
    const validation = [...sets.validation];
    // A quarter of 32 N and of 8 V.
    expect(validation.filter((row) => table.labels[classes[row]] === "N")).toHaveLength(8);
    expect(validation.filter((row) => table.labels[classes[row]] === "V")).toHaveLength(2);
    expect(sets.train.length + validation.length).toBe(40);
  });

  it("refuses a test set without tables to train on", () => {
    const all = { ...settings, testTables: ["a", "b"] };
    expect(() => planProtocol(table, all)).toThrow("No beats are left for the training set.");
  });
});

describe("another dataset as the test", () => {
  it("is the whole test set, and its equal names and patients are not those of training", () => {
    const names = ["a", "b", "c", "d"];
    const { table } = makeTable(Object.fromEntries(names.map((name) => [name, { N: 30, V: 10 }])), 1);
    const identities = table.identities.map((identity, i) => ({
      ...{ ...identity, patient: i % 2 === 0 ? "1" : "2" },
      ...(i < 2 ? { name: names[i + 2], external: true as const } : {}),
    }));
    const examples = prepare({ ...table, identities }, { protocol: "external-test", fractions: [0.5, 0.3, 0.2] });
    const recordsOf = (set: (typeof setNames)[number]): string[] => [
      ...new Set([...examples.sets[set]].filter((e) => e < examples.realCount).map((e) => names[table.record[e]])),
    ];
    expect(recordsOf("test")).toEqual(["a", "b"]);
    expect([...recordsOf("train"), ...recordsOf("validation")].sort()).toEqual(["c", "d"]);
    expect([...examples.sets.test].every((example) => example < examples.realCount)).toBe(true);
  });
});
