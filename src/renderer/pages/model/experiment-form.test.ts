import { describe, expect, it } from "vitest";
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import { experimentPlanSchema } from "../../../contract/domain/experiments.ts";
import { networkNames, trainingSettingsSchema } from "../../../contract/domain/training.ts";
import type { ExperimentForm, VariedSetting } from "../../stores/experiment-forms.ts";
import { freshForm, freshVariation, planOf } from "./experiment-form.ts";
import { variableSettings } from "./variable-settings.ts";

const known = variableSettings(defaultTraining("cnn"));
const find = (path: string) => known.find((each) => each.path === path)!;
const fresh = freshForm(find("learningRate"), 7);
const grid = (...varied: VariedSetting[]): ExperimentForm => ({ ...fresh, kind: "grid", varied });
const typed = (path: string, text: string): VariedSetting => ({ ...freshVariation(find(path)), typed: text });

it("varies the learning rate unless the user chooses another setting", () => {
  expect(variableSettings(defaultTraining("ann"))[0]).toMatchObject({ path: "learningRate", current: 0.001 });
});

describe("variableSettings", () => {
  it("lists the settings of the current optimizer, schedule and layers only", () => {
    const paths = known.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(["optimizer.beta1", "network.dropout-1.rate", "network.conv-1.filters"]),
    );
    expect(paths).not.toContain("optimizer.momentum");
    expect(paths).not.toContain("schedule.factor");
    // The CNN has one dropout.
    expect(paths).not.toContain("network.*.rate");
    expect(variableSettings(defaultTraining("ann")).map(({ path }) => path)).toContain("network.*.rate");
    const sgd = trainingSettingsSchema.parse({ ...defaultTraining("cnn"), optimizer: { kind: "sgd" } });
    expect(variableSettings(sgd).map(({ path }) => path)).toContain("optimizer.momentum");
  });

  it("gives each setting a different name", () => {
    expect(new Set(known.map(({ name }) => name)).size).toBe(known.length);
  });

  it.each(networkNames)("offers valid values for each setting of the %s", (network) => {
    for (const setting of variableSettings(defaultTraining(network))) {
      for (const kind of ["grid", "random"] as const) {
        const { plan, problems } = planOf({ ...grid(freshVariation(setting)), kind }, [setting]);
        expect([setting.path, ...problems.values()]).toEqual([setting.path]);
        expect(experimentPlanSchema.safeParse(plan).error).toBeUndefined();
      }
    }
  });
});

describe("planOf", () => {
  it("plans repeats and cross-validation", () => {
    expect(planOf({ ...fresh, times: 4 }, known).plan).toEqual({ kind: "repeats", times: 4 });
    expect(planOf({ ...fresh, kind: "cross-validation", folds: 3 }, known).plan).toEqual({
      kind: "cross-validation",
      folds: 3,
    });
  });

  it("does not take a decimal comma for two values", () => {
    expect(planOf(grid(typed("learningRate", "0,01, 0.001")), known).problems.get(0)).toMatch(/“0,01” is ambiguous/);
    const { plan } = planOf(grid(typed("optimizer.beta1", "0, 0.5"), typed("batch", "16,32")), known);
    expect(plan).toMatchObject({ settings: [{ values: [0, 0.5] }, { values: [16, 32] }] });
  });

  it("parses typed values, without duplicates", () => {
    const { plan, problems } = planOf(grid(typed("learningRate", "1e-2; 0.001,0.01 "), typed("batch", "32 64")), known);
    expect(problems.size).toBe(0);
    expect(plan).toEqual({
      kind: "grid",
      settings: [
        { setting: "learningRate", values: [0.01, 0.001] },
        { setting: "batch", values: [32, 64] },
      ],
    });
  });

  it("draws from a range, or from values", () => {
    const form = { ...grid(freshVariation(find("learningRate")), freshVariation(find("network"))), runs: 3 };
    expect(planOf({ ...form, kind: "random" }, known).plan).toEqual({
      kind: "random",
      runs: 3,
      seed: 7,
      settings: [
        { setting: "learningRate", from: 1e-4, to: 1e-2, scale: "log", whole: false },
        { setting: "network", values: [...networkNames] },
      ],
    });
  });

  it.each([
    ["batch", "32, x", "“x” is not a number."],
    ["batch", "1.5", "1.5 is out of range. Enter integers from 1 to 65,536."],
    ["learningRate", "0", "0 is out of range. Enter numbers from 1e-12 to 10."],
    ["learningRate", " , ", "Enter at least one value."],
  ])("reports the error of %s %s", (path, text, message) => {
    const { plan, problems } = planOf(grid(typed("epochs", "3"), typed(path, text)), known);
    expect(plan).toBeNull();
    expect([...problems]).toEqual([[1, message]]);
  });

  it("reports a repeated parameter, a missing setting, an empty range, and a search without parameters", () => {
    const gone = { ...typed("batch", "32"), path: "network.dropout-9.rate" };
    const repeated = planOf(grid(typed("batch", "32"), typed("batch", "64"), gone), known);
    expect([...repeated.problems.keys()]).toEqual([1, 2]);
    const empty = { ...freshVariation(find("batch")), from: 5, to: 5 };
    expect(planOf({ ...grid(empty), kind: "random" }, known).problems.get(0)).toMatch("greater than");
    expect(planOf(grid(), known)).toEqual({ plan: null, problems: new Map() });
  });
});
