import { describe, expect, it } from "vitest";
import { settingRows } from "../../main/services/runs/setting-rows.ts";
import type { RunDetails } from "../domain/runs.ts";
import { defaultPreparation, defaultTraining } from "./defaults.ts";
import {
  clippingSchema,
  optimizerKinds,
  optimizerSchema,
  scheduleKinds,
  scheduleSchema,
} from "../domain/optimization.ts";
import { nameOfSetting, settingHeading, settingValue } from "./setting-names.ts";

describe("settings", () => {
  it("have a name wherever runs are compared, whatever the optimizer, the schedule and the classes", () => {
    const training = [
      ...optimizerKinds.map((kind) => ({ optimizer: optimizerSchema.parse({ kind }) })),
      ...scheduleKinds.map((kind) => ({ schedule: scheduleSchema.parse({ kind }) })),
      { clipping: clippingSchema.parse({ kind: "norm", limit: 1 }), importedFrom: "model.h5" },
    ].map((change) => ({ ...defaultTraining("ann"), ...change }));
    const classMap = { classes: [{ label: "N", symbols: "N" }] };
    const preparations = [defaultPreparation("cross-validation"), { ...defaultPreparation("reference"), classMap }];
    const runs = training.flatMap((settings) =>
      preparations.map(
        (prepared) =>
          ({ run: { settings }, preparation: { settings: prepared }, dataset: { name: "a" } }) as RunDetails,
      ),
    );
    const headings = settingRows(runs).map(({ name }) => settingHeading(name));
    expect(headings).toEqual(expect.arrayContaining(["Recordings", "Batch (beats)", "Seed", "Seed of the split", "ρ"]));
    // A place is written small, a name is not; Greek letters are names.
    expect(headings.filter((heading) => /^[a-z]/.test(heading))).toEqual([]);
  });

  it("of layers are called by theirs, and what has no name by its place", () => {
    expect(
      ["learningRate", "optimizer.beta1", "network.*.rate", "network.conv-1.kernelSize", "x.y"].map(nameOfSetting),
    ).toEqual(["Learning rate", "β₁", "Dropout of all layers", "Kernel size of conv-1", "x.y"]);
    expect(["training.x.y", "other"].map(settingHeading)).toEqual(["x.y", "other"]);
  });

  it.each([
    ["preparation.fold.of", null, "–"],
    ["preparation.withoutSharedPatient", "true", "yes"],
    ["preparation.records", "[]", "all"],
    ["preparation.fractions", "[0.6,0.2,0.2]", "0.6, 0.2, 0.2"],
    ["preparation.records", '["100","101"]', "100, 101"],
    ["training.learningRate", "0.001", "0.001"],
    ["preparation.classMap", "aami", "AAMI EC57"],
    ["preparation.classMap", "mit-bih", "MIT-BIH symbols"],
    ["dataset", "mit-bih", "mit-bih"],
    ["dataset", "constructor", "constructor"],
  ])("have at %s the value %j as %s", (place, value, words) => {
    expect(settingValue(place, value)).toBe(words);
  });
});
