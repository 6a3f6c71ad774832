import { describe, expect, it } from "vitest";
import { defaultPreparation, presetPreparation } from "../settings/defaults.ts";
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
    expect(problemOf({ ...full, balancing: "smote" })).toContain("set denoising, normalisation and balancing to none");
  });

  it("make synthetic recordings of training recordings alone", () => {
    expect(problemOf({ ...full, protocol: "intra-patient" })).toContain("split by patient");
    expect(problemOf({ ...full, classMap: "mit-bih" })).toContain("AAMI classes");
  });

  it("leave settings without a recipe as they are", () => {
    expect(Object.keys(preparationSettingsSchema.parse(defaultPreparation("inter-patient")))).not.toContain("recipe");
  });
});
