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
import { settingHeading, settingLabel, settingValue } from "./setting-table.ts";

describe("the table of settings", () => {
  it("have a label in comparisons, for every optimizer, schedule and class map", () => {
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
    expect(headings).toEqual(expect.arrayContaining(["Dataset", "Batch size (beats)", "Seed", "Split seed", "ρ"]));
    // A path begins with a small letter, a label does not; Greek letters are labels.
    expect(headings.filter((heading) => /^[a-z]/.test(heading))).toEqual([]);
  });

  it("shows the unit and the meaning of special values in headings", () => {
    expect(["training.patience", "training.threads", "training.batch"].map(settingHeading)).toEqual([
      "Early-stopping patience (epochs; 0 = off)",
      "Threads (0 = auto)",
      "Batch size (beats)",
    ]);
  });

  it("of layers name the layer; a path without an entry is returned as it is", () => {
    expect(
      ["learningRate", "optimizer.beta1", "network.*.rate", "network.conv-1.kernelSize", "x.y"].map(settingLabel),
    ).toEqual(["Learning rate", "β₁", "Dropout rate (all layers)", "Kernel size (conv-1)", "x.y"]);
    expect(["training.x.y", "other"].map(settingHeading)).toEqual(["x.y", "other"]);
  });

  it.each([
    ["preparation.fold.of", null, "–"],
    ["preparation.withoutSharedPatient", "true", "Yes"],
    ["preparation.records", "[]", "all"],
    ["preparation.fractions", "[0.6,0.2,0.2]", "0.6, 0.2, 0.2"],
    ["preparation.records", '["100","101"]', "100, 101"],
    ["training.learningRate", "0.001", "0.001"],
    ["preparation.classMap", "aami", "AAMI classes"],
    ["preparation.classMap", "mit-bih", "MIT-BIH symbols"],
    ["dataset", "mit-bih", "mit-bih"],
    ["dataset", "constructor", "constructor"],
    ["dataset", "true", "true"],
    ["training.schedule.kind", "plateau", "Reduce on plateau"],
    ["training.clipping.kind", "global-norm", "Clip by global norm"],
    ["preparation.protocol", "cross-validation", "Patient-wise cross-validation"],
    ["training.network.layers", '[{"id":"dense-1"},{"id":"dense-2"}]', "2 layers"],
    ["preparation.classMap.classes", '[{"label":"V","symbols":"VE"},{"label":"N","symbols":"N"}]', "V (V E), N (N)"],
  ])("show at %s the value %j as %s", (path, value, label) => {
    expect(settingValue(path, value)).toBe(label);
  });
});
