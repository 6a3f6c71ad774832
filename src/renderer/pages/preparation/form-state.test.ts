import { describe, expect, it } from "vitest";
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import { customClassMapSchema } from "../../../contract/domain/class-maps.ts";
import { preparationSettingsSchema, type Preparation } from "../../../contract/domain/preparation.ts";
import type { RecordHealth } from "../../../contract/domain/recordings.ts";
import {
  allowsSynthetic,
  fractionsOf,
  leadOptions,
  leadValue,
  preparedBefore,
  rateOptions,
  withClassMap,
  withInput,
  withProtocol,
} from "./form-state.ts";

const record = (leads: string[], rate = 360): RecordHealth => ({
  name: "r",
  usable: true,
  rate,
  length: 1,
  leads,
  beats: {},
  otherAnnotations: 0,
  comments: [],
  findings: [],
});

describe("withProtocol", () => {
  it("takes the class map of the protocol, unless the user chose another", () => {
    const first = defaultPreparation("intra-patient");
    expect(withProtocol(first, "inter-patient").classMap).toBe("aami");
    expect(withProtocol(withProtocol(first, "inter-patient"), "reference")).toEqual(defaultPreparation("reference"));
    const chosen = { ...first, classMap: "aami" } as const;
    expect(withProtocol(chosen, "reference").classMap).toBe("aami");
  });
});

describe("withClassMap", () => {
  it("starts a custom class map as a valid copy of the current one", () => {
    for (const protocol of ["intra-patient", "inter-patient"] as const) {
      const custom = withClassMap(defaultPreparation(protocol), "custom");
      expect(customClassMapSchema.safeParse(custom.classMap).success).toBe(true);
      expect(withClassMap(custom, "custom")).toBe(custom);
    }
    expect(withClassMap(withClassMap(defaultPreparation("reference"), "custom"), "aami").classMap).toBe("aami");
  });
});

describe("fractionsOf", () => {
  it("gives the remainder to training, so that the sum is 1", () => {
    expect(fractionsOf(0.2, 0.2)).toEqual([0.6, 0.2, 0.2]);
    expect(fractionsOf(0.07, 0.22)).toEqual([0.71, 0.07, 0.22]);
    expect(fractionsOf(0.5, 0.5)).toBeNull();
  });
});

describe("preparedBefore", () => {
  it("finds the same settings of the same dataset, in any order of keys", () => {
    const settings = defaultPreparation("reference");
    const prepared = { id: 4, datasetId: 2, settings } as Preparation;
    const turned = Object.fromEntries(Object.entries(settings).reverse()) as typeof settings;
    const of = (dataset: number) => ({ dataset, records: [] });
    expect(preparedBefore([prepared], of(2), turned)).toBe(prepared);
    expect(preparedBefore([prepared], of(1), turned)).toBeUndefined();
    expect(preparedBefore([prepared], of(2), { ...turned, seed: 1 })).toBeUndefined();
    expect(preparedBefore([prepared], of(2), { ...turned, levels: 0 })).toBeUndefined();
  });

  it("finds the stored settings, which name the leads and the rate that the form leaves open", () => {
    const settings = { ...defaultPreparation("intra-patient"), leads: ["MLII"], rate: 360 };
    const prepared = { id: 4, datasetId: 2, settings } as Preparation;
    const records = [record(["MLII", "V1"])];
    expect(preparedBefore([prepared], { dataset: 2, records }, defaultPreparation("intra-patient"))).toBe(prepared);
  });
});

describe("options of the form", () => {
  it("list leads by name with their recordings, and by position", () => {
    const automatic = { leads: [] };
    const options = leadOptions([record(["MLII", "V1"]), record(["V5", "MLII"]), record(["V5"])], automatic);
    expect(options.map(({ label }) => label)).toEqual([
      "Auto: MLII, else V5",
      "MLII (2 of 3)",
      "V5 (2 of 3)",
      "V1 (1 of 3)",
      "First lead of each recording",
      "Second lead of each recording",
    ]);
    expect(options.find(({ value }) => value === leadValue(automatic))?.choice).toEqual(automatic);
    const chosen = leadOptions([record(["MLII"])], { leads: ["V1", "II"] });
    expect(chosen.at(-1)?.label).toBe("V1, else II");
    expect(chosen.at(-1)?.value).toBe(leadValue({ leads: ["V1", "II"] }));
  });

  it("list sampling rates, the recordings' most common one first", () => {
    const options = rateOptions(
      [record(["I"], 257), record(["I"], 257), record(["I"])],
      defaultPreparation("reference"),
    );
    expect(options[0]).toEqual({ value: 0, label: "Auto: 257 Hz" });
    expect(options).toContainEqual({ value: 257, label: "257 Hz (2 recordings)" });
    expect(options).toContainEqual({ value: 250, label: "250 Hz" });
  });
});

describe("the input of a preparation", () => {
  const beatAlone = defaultPreparation("inter-patient");
  const full = withInput(beatAlone, "full");

  it("sets what the recipe has: window, rate, filter, scaling and weights", () => {
    expect(preparationSettingsSchema.parse(full)).toMatchObject({
      ...{ beforeMs: 600, afterMs: 600, rate: 120, denoising: "none", normalisation: "none", balancing: "none" },
      ...{ classMap: "aami", smallestClass: 1, recipe: { variant: "full", leads: 2, synthetic: true } },
    });
  });

  it("returns to the defaults with the beat alone, and keeps the recipe's settings between its variants", () => {
    expect(preparationSettingsSchema.parse(withInput(full, "none"))).toEqual(
      preparationSettingsSchema.parse(beatAlone),
    );
    const oneLead = { ...full, recipe: { ...full.recipe!, leads: 1 as const } };
    expect(withInput(oneLead, "causal").recipe).toEqual({ ...oneLead.recipe, variant: "causal" });
  });

  it("has no synthetic recordings without a split by patient or AAMI classes", () => {
    expect(allowsSynthetic(full)).toBe(true);
    expect(withProtocol(full, "intra-patient").recipe?.synthetic).toBe(false);
    expect(withClassMap(full, "mit-bih").recipe?.synthetic).toBe(false);
    expect(withInput(defaultPreparation("intra-patient"), "full").recipe?.synthetic).toBe(false);
  });
});
