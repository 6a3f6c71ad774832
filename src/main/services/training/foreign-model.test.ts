import { describe, expect, it } from "vitest";
import { windowOf } from "../../../contract/domain/preparation.ts";
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import { OUTPUT_ID } from "../../../contract/domain/networks.ts";
import type { ImportedModel } from "../../../engine/exchange/imported-model.ts";
import { describeForeign, fitted } from "./foreign-model.ts";

const settings = { ...defaultPreparation("intra-patient"), rate: 360 };
const { before, after } = windowOf(settings);
const windowLength = before + after;
const preparation = { settings, rate: 360, leads: ["MLII"], labels: ["N", "S", "V"], tested: [] };

/** A model with one hidden value, whose outputs 0, 1, 2 have the weights 0, 1, 2. */
function modelWith(about: unknown): ImportedModel {
  const row = new Float32Array([0, 1, 2]);
  return {
    model: {
      spec: { name: "n", layers: [{ id: "dense", kind: "dense", units: 1, activation: "linear" }] },
      shape: { windowLength, classes: 3 },
      weights: new Map([
        [
          OUTPUT_ID,
          [
            { name: "kernel", shape: [1, 3], values: row },
            { name: "bias", shape: [3], values: row },
          ],
        ],
      ]),
    },
    about,
  };
}

const outputsOf = (imported: ImportedModel, classes?: string[]): number[] => [
  ...fitted(imported, preparation, { classes }).weights.get(OUTPUT_ID)![0].values,
];

describe("a model from a file", () => {
  it("is refused where it needs other features than the preparation has", () => {
    const imported = modelWith(null);
    imported.model = {
      ...imported.model,
      spec: {
        name: "n",
        layers: [{ id: "dense", kind: "dense", units: 1, activation: "linear", inputs: ["rhythm"] }],
      },
      shape: { windowLength, features: 4, classes: 3 },
    };
    const classes = ["N", "S", "V"];
    const fit = (features: string[]) => (): unknown =>
      fitted(imported, { ...preparation, inputs: { features } }, { classes });
    expect(fit(["a", "b"])).toThrow("it needs 4 features of a beat, not 2");
    expect(fit(["a", "b", "c", "d"])).not.toThrow();
  });

  it("without names of its classes is not evaluated until their order is given", () => {
    expect(describeForeign(modelWith(null), preparation).classes).toBeNull();
    expect(() => outputsOf(modelWith(null))).toThrow(expect.objectContaining({ code: "usage" }) as Error);
    expect(outputsOf(modelWith(null), ["N", "S", "V"])).toEqual([0, 1, 2]);
    expect(outputsOf(modelWith(null), ["S", "V", "N"])).toEqual([2, 0, 1]);
  });

  it("with names of its classes has its outputs in the preparation's order", () => {
    const about = { classes: ["V", "N", "S"].map((label) => ({ label })) };
    expect(outputsOf(modelWith(about))).toEqual([1, 2, 0]);
  });

  it("names the test recordings that trained it, by samples and by public patients", () => {
    const tested = [
      { name: "a", patient: null, knownAs: null, hashes: ["1", "2"] },
      { name: "b", patient: null, knownAs: "mitdb/202", hashes: ["3"] },
      { name: "c", patient: null, knownAs: null, hashes: ["4", null] },
    ];
    const trained = (trainingRecords: unknown): string[] | null =>
      describeForeign(modelWith({ data: { trainingRecords } }), { ...preparation, tested }).trainedOnTest;
    expect(trained([{ hashes: ["2", null], knownAs: null }])).toEqual(["a"]);
    // 201 and 202 are recordings of one patient.
    expect(trained([{ hashes: ["9"], knownAs: "mitdb/201" }])).toEqual(["b"]);
    expect(trained([{ hashes: ["9", null], knownAs: null }])).toEqual([]);
    expect(trained("none")).toBeNull();
    expect(describeForeign(modelWith(null), { ...preparation, tested }).trainedOnTest).toBeNull();
  });

  it("is refused where the order does not name each class once", () => {
    expect(() => outputsOf(modelWith(null), ["N", "N", "V"])).toThrow(/its classes are N N V, not N S V/);
  });

  it("stops where its recipe differs, until the differences are accepted", () => {
    const { denoising, wavelet, levels, threshold, normalisation } = settings;
    const about = {
      classes: preparation.labels.map((label) => ({ label })),
      input: { rate: 200, before, after, signal: 0, leads: ["MLII"] },
      preprocessing: { denoising, wavelet, levels, threshold, normalisation },
    };
    expect(() => outputsOf(modelWith(about))).toThrow(/200 Hz in the model's training, 360 Hz/);
    const accepted = fitted(modelWith(about), preparation, { acceptDifferences: true });
    expect(accepted.shape.classes).toBe(3);
  });
});
