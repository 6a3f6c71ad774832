import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import { experimentPlanSchema } from "../../../contract/domain/experiments.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import { isEvenlyTimed, planRuns } from "./plan-runs.ts";

const base = defaultTraining("ann");
const plan = (settings: object) => planRuns(experimentPlanSchema.parse(settings), base);

it.each([
  ["learningRate", true],
  ["batch", true],
  ["network.dropout-1.rate", true],
  ["network", false],
  ["network.dense-1.units", false],
  ["threads", false],
  ["precision", false],
  ["backend", false],
])("knows whether the first runs of a grid over %s tell the duration of the others: %s", (setting, evenly) => {
  expect(isEvenlyTimed({ kind: "grid", settings: [{ setting, values: [1, 2] }] })).toBe(evenly);
  expect(isEvenlyTimed({ kind: "random", settings: [{ setting, values: [1, 2] }], runs: 9, seed: 1 })).toBe(true);
});

describe("planRuns", () => {
  it("repeats with the seeds that follow, and round the largest", () => {
    expect(plan({ kind: "repeats", times: 3 }).map(({ settings }) => settings.seed)).toEqual([42, 43, 44]);
    const last = planRuns({ kind: "repeats", times: 2 }, { ...base, seed: 0xffffffff });
    expect(last.map(({ settings }) => settings.seed)).toEqual([0xffffffff, 0]);
  });

  it("takes every combination of a grid, the last setting fastest", () => {
    const runs = plan({
      kind: "grid",
      settings: [
        { setting: "learningRate", values: [0.01, 0.001] },
        { setting: "optimizer.beta1", values: [0.8, 0.9] },
      ],
    });
    expect(runs.map(({ label }) => label)).toEqual([
      "learningRate 0.01, optimizer.beta1 0.8",
      "learningRate 0.01, optimizer.beta1 0.9",
      "learningRate 0.001, optimizer.beta1 0.8",
      "learningRate 0.001, optimizer.beta1 0.9",
    ]);
    expect(runs[2].settings).toMatchObject({ learningRate: 0.001, optimizer: { kind: "adam", beta1: 0.8 } });
    // What is not varied stays, and the base itself too.
    expect(runs[2].settings.batch).toBe(base.batch);
    expect(base.learningRate).toBe(0.001);
  });

  it("trains each setting of a search in every fold", () => {
    const runs = plan({ kind: "grid", settings: [{ setting: "batch", values: [32, 64] }], folds: 2 });
    expect(runs.map(({ label, settings }) => [label, settings.batch])).toEqual([
      ["batch 32, fold 1 of 2", 32],
      ["batch 32, fold 2 of 2", 32],
      ["batch 64, fold 1 of 2", 64],
      ["batch 64, fold 2 of 2", 64],
    ]);
  });

  it("reaches into a network by its layers' names, or into all that have the setting", () => {
    const rates = (setting: string): unknown[] => {
      const [{ settings }] = plan({ kind: "grid", settings: [{ setting, values: [0.7] }] });
      return networkOf(settings.network).layers.flatMap((layer) => ("rate" in layer ? [layer.rate] : []));
    };
    expect(rates("network.dropout-2.rate")).toEqual([0.3, 0.7, 0.2]);
    expect(rates("network.*.rate")).toEqual([0.7, 0.7, 0.7]);
  });

  it.each(["optimizer.__proto__.toString", "optimizer.__proto__", "constructor", "toString", "network.__proto__.x"])(
    "finds no setting %s, and leaves the prototype of all objects alone",
    (setting) => {
      const before = Object.getOwnPropertyNames(Object.prototype);
      expect(() => plan({ kind: "grid", settings: [{ setting, values: [1] }] })).toThrow(
        `There is no setting ${setting}.`,
      );
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
      expect(typeof Object.prototype.toString).toBe("function");
    },
  );

  it("repeats no long value in a message", () => {
    const settings = [{ setting: "optimizer.kind", values: ["x".repeat(100_000)] }];
    expect(() => plan({ kind: "grid", settings })).toThrow(/^optimizer\.kind x+… does not fit: .{1,400}$/);
  });

  it("draws within the ranges, the same for the same seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const settings = {
          kind: "random",
          runs: 20,
          seed,
          settings: [
            { setting: "learningRate", from: 1e-4, to: 1e-1, scale: "log" },
            { setting: "batch", from: 16, to: 18, whole: true },
            { setting: "network", values: ["ann", "cnn"] },
          ],
        };
        const runs = plan(settings);
        expect(plan(settings)).toEqual(runs);
        expect(runs).toHaveLength(20);
        for (const { settings } of runs) {
          expect(settings.learningRate).toBeGreaterThanOrEqual(1e-4);
          expect(settings.learningRate).toBeLessThanOrEqual(1e-1);
          expect([16, 17, 18]).toContain(settings.batch);
          expect(["ann", "cnn"]).toContain(settings.network);
        }
      }),
    );
    // Over a logarithmic range half of the draws lie below its geometric middle.
    const rates = plan({
      kind: "random",
      runs: 1000,
      seed: 1,
      settings: [{ setting: "learningRate", from: 1e-4, to: 1e-2, scale: "log" }],
    }).map(({ settings }) => settings.learningRate);
    const below = rates.filter((rate) => rate < 1e-3).length;
    expect(below).toBeGreaterThan(440);
    expect(below).toBeLessThan(560);
  });

  it.each([
    ["nonsense", 1, "There is no setting nonsense."],
    ["network.dropout-9.rate", 0.1, "There is no setting network.dropout-9.rate."],
    ["learningRate", 0, "learningRate 0 does not fit"],
    ["batch", 1.5, "batch 1.5 does not fit"],
    ["network.dropout-1.rate", 2, "network.dropout-1.rate 2 does not fit"],
  ])("refuses %s = %d", (setting, value, words) => {
    expect(() => plan({ kind: "grid", settings: [{ setting, values: [value] }] })).toThrow(words);
  });

  it("refuses more combinations than anybody would wait for", () => {
    const values = Array.from({ length: 40 }, (_, i) => 16 + i);
    const settings = [
      { setting: "batch", values },
      { setting: "epochs", values },
    ];
    expect(() => plan({ kind: "grid", settings })).toThrow("1,600 runs");
  });
});
