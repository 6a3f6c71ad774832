import { describe, expect, it } from "vitest";
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import { experimentPlanSchema } from "../../../contract/domain/experiments.ts";
import { networkNames, trainingSettingsSchema } from "../../../contract/domain/training.ts";
import type { ExperimentForm, VariedSetting } from "../../stores/experiment-forms.ts";
import { freshForm, freshVariation, planOf } from "./experiment-form.ts";
import { variableSettings } from "./variable-settings.ts";

const known = variableSettings(defaultTraining("cnn"));
const find = (place: string) => known.find((each) => each.place === place)!;
const fresh = freshForm(find("learningRate"), 7);
const grid = (...varied: VariedSetting[]): ExperimentForm => ({ ...fresh, kind: "grid", varied });
const typed = (place: string, text: string): VariedSetting => ({ ...freshVariation(find(place)), typed: text });

describe("variableSettings", () => {
  it("has what the optimizer, the schedule and the layers at hand have, and no more", () => {
    const places = known.map(({ place }) => place);
    expect(places).toEqual(
      expect.arrayContaining(["optimizer.beta1", "network.dropout-1.rate", "network.conv-1.filters"]),
    );
    expect(places).not.toContain("optimizer.momentum");
    expect(places).not.toContain("schedule.factor");
    // The CNN has one dropout.
    expect(places).not.toContain("network.*.rate");
    expect(variableSettings(defaultTraining("ann")).map(({ place }) => place)).toContain("network.*.rate");
    const sgd = trainingSettingsSchema.parse({ ...defaultTraining("cnn"), optimizer: { kind: "sgd" } });
    expect(variableSettings(sgd).map(({ place }) => place)).toContain("optimizer.momentum");
  });

  it("names each differently", () => {
    expect(new Set(known.map(({ name }) => name)).size).toBe(known.length);
  });

  it.each(networkNames)("offers of each setting of the %s what the contract takes", (network) => {
    for (const setting of variableSettings(defaultTraining(network))) {
      for (const kind of ["grid", "random"] as const) {
        const { plan, problems } = planOf({ ...grid(freshVariation(setting)), kind }, [setting]);
        expect([setting.place, ...problems.values()]).toEqual([setting.place]);
        expect(experimentPlanSchema.safeParse(plan).error).toBeUndefined();
      }
    }
  });
});

describe("planOf", () => {
  it("repeats and folds", () => {
    expect(planOf({ ...fresh, times: 4 }, known).plan).toEqual({ kind: "repeats", times: 4 });
    expect(planOf({ ...fresh, kind: "cross-validation", folds: 3 }, known).plan).toEqual({
      kind: "cross-validation",
      folds: 3,
    });
  });

  it("reads values as they are typed, each once", () => {
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

  it("draws between two, or of values", () => {
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
    ["batch", "1.5", "1.5 can't be: it takes whole numbers from 1 to 1,000,000."],
    ["learningRate", "0", "0 can't be: it takes from 1e-12 to 10."],
    ["learningRate", " , ", "Give one value at least."],
  ])("says what is wrong with %s %s", (place, text, words) => {
    const { plan, problems } = planOf(grid(typed("epochs", "3"), typed(place, text)), known);
    expect(plan).toBeNull();
    expect([...problems]).toEqual([[1, words]]);
  });

  it("says what else is wrong: twice the same, gone, a range that does not rise, nothing to vary", () => {
    const gone = { ...typed("batch", "32"), place: "network.dropout-9.rate" };
    const twice = planOf(grid(typed("batch", "32"), typed("batch", "64"), gone), known);
    expect([...twice.problems.keys()]).toEqual([1, 2]);
    const falling = { ...freshVariation(find("batch")), from: 5, to: 5 };
    expect(planOf({ ...grid(falling), kind: "random" }, known).problems.get(0)).toMatch("end above");
    expect(planOf(grid(), known)).toEqual({ plan: null, problems: new Map() });
  });
});
