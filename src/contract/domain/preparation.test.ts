import { describe, expect, it } from "vitest";
import { defaultPreparation, defaultTablePreparation, presetPreparation, withRecipe } from "../settings/defaults.ts";
import { preparationSettingsSchema } from "./preparation.ts";

const problemOf = (settings: object): string | undefined =>
  preparationSettingsSchema.safeParse(settings).error?.issues.at(0)?.message;

describe("settings with an input recipe", () => {
  const full = presetPreparation("rhythm-and-shape", "inter-patient");

  it("are valid as presets, with and without a split by patient", () => {
    expect(problemOf(full)).toBeUndefined();
    expect(problemOf(presetPreparation("rhythm-and-shape-causal", "intra-patient"))).toBeUndefined();
  });

  it("have the recipe's window and rate, and no other filter or balancing", () => {
    expect(problemOf({ ...full, rate: 360 })).toContain("120 Hz");
    expect(problemOf({ ...full, denoising: "beat" })).toContain("set denoising and normalisation to none");
  });

  it("refuse SMOTE, whose beats have no neighbours", () => {
    expect(problemOf({ ...full, balancing: "smote" })).toContain("SMOTE can't balance the sequences");
  });

  it("make synthetic recordings of training recordings alone", () => {
    expect(problemOf({ ...full, protocol: "intra-patient" })).toContain("split by patient");
    const assigned = { validation: [], test: ["100"] };
    expect(problemOf({ ...full, protocol: "custom-split", assigned })).toBeUndefined();
    expect(presetPreparation("rhythm-and-shape", "custom-split").recipe?.synthetic).toBe(true);
    expect(problemOf({ ...full, classMap: "mit-bih" })).toContain("AAMI classes");
  });

  it("leave settings without a recipe as they are", () => {
    expect(Object.keys(preparationSettingsSchema.parse(defaultPreparation("inter-patient")))).not.toContain("recipe");
  });
});

describe("settings for tables of beats", () => {
  const ofTable = defaultTablePreparation([]);

  it("are valid with the defaults, and without a window", () => {
    expect(problemOf(ofTable)).toBeUndefined();
    expect(problemOf({ ...ofTable, beforeMs: 250, afterMs: 250 })).toContain("a table of beats has none");
  });

  it("have no input recipe, which reads recordings", () => {
    const { recipe } = presetPreparation("rhythm-and-shape-causal", "intra-patient");
    const both = { ...ofTable, normalisation: "none", balancing: "none", recipe };
    const issues = preparationSettingsSchema.safeParse(both).error?.issues.map(({ message }) => message);
    expect(issues).toContain("an input recipe reads recordings, which a table of beats doesn't have");
    expect(problemOf(withRecipe(ofTable, recipe!))).toContain("a table of beats has none");
  });

  it("split neither by patient nor with a test set that is not given", () => {
    expect(problemOf({ ...ofTable, protocol: "inter-patient" })).toContain("patients of a table of beats are unknown");
    expect(problemOf({ ...ofTable, protocol: "given-test-set" })).toContain("needs its tables");
  });
});
