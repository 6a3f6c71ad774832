import { describe, expect, it } from "vitest";
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import { customClassMapSchema } from "../../../contract/domain/class-maps.ts";
import type { Preparation } from "../../../contract/domain/preparation.ts";
import type { RecordHealth } from "../../../contract/domain/recordings.ts";
import { commonRate, fractionsOf, leadOptions, preparedBefore, withClassMap, withProtocol } from "./form-state.ts";

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
    expect(preparedBefore([prepared], 2, turned)).toBe(prepared);
    expect(preparedBefore([prepared], 1, turned)).toBeUndefined();
    expect(preparedBefore([prepared], 2, { ...turned, seed: 1 })).toBeUndefined();
    expect(preparedBefore([prepared], 2, { ...turned, levels: 0 })).toBeUndefined();
  });
});

describe("recordings", () => {
  it("list their leads by position", () => {
    expect(leadOptions([record(["MLII", "V1"]), record(["MLII"])])).toEqual([
      { value: 0, label: "First: MLII" },
      { value: 1, label: "Second: V1 in 1" },
    ]);
    expect(leadOptions([record(["V5"]), record(["MLII"]), record(["MLII"])])).toEqual([
      { value: 0, label: "First: MLII in 2, V5 in 1" },
    ]);
    expect(leadOptions([])).toEqual([]);
  });

  it("have a common sampling rate where all rates are equal", () => {
    expect(commonRate([record([]), record([])])).toBe(360);
    expect(commonRate([record([]), record([], 250)])).toBeNull();
    expect(commonRate([])).toBeNull();
  });
});
