import { describe, expect, it } from "vitest";
import { windowOf } from "./preparation.ts";
import { defaultPreparation } from "../settings/defaults.ts";
import { commonOrders, isOrderOf, recipeDifferences, type Recipe } from "./foreign-models.ts";

const settings = defaultPreparation("intra-patient");
const { before, after } = windowOf(settings, 360);
const { denoising, wavelet, levels, threshold, normalisation } = settings;
const recipe: Recipe = {
  input: { rate: 360, before, after, signal: 0, leads: ["MLII"] },
  preprocessing: { denoising, wavelet, levels, threshold, normalisation },
};

describe("the recipe of a model", () => {
  it("equals a preparation with its settings", () => {
    expect(recipeDifferences(recipe, { settings, rate: 360, leads: ["MLII"] })).toEqual([]);
  });

  it("names another rate, lead and normalisation", () => {
    const other = { ...settings, normalisation: settings.normalisation === "z-score" ? "none" : "z-score" } as const;
    const differences = recipeDifferences(recipe, { settings: other, rate: 128, leads: ["ECG1"] });
    // The same window in milliseconds has other numbers of samples at another rate.
    expect(differences).toHaveLength(4);
    expect(differences[0]).toBe("Sampling rate: 360 Hz in the model's training, 128 Hz in the preparation.");
  });
});

describe("the order of classes", () => {
  it("is offered as the preparation's and alphabetically", () => {
    expect(commonOrders(["N", "S", "V", "F", "Q"])).toEqual([
      ["N", "S", "V", "F", "Q"],
      ["F", "N", "Q", "S", "V"],
    ]);
    expect(commonOrders(["F", "N"])).toEqual([["F", "N"]]);
  });

  it("names each class once", () => {
    expect(isOrderOf(["V", "N"], ["N", "V"])).toBe(true);
    expect(isOrderOf(["V", "V"], ["N", "V"])).toBe(false);
    expect(isOrderOf(["V"], ["N", "V"])).toBe(false);
  });
});
