import { describe, expect, it } from "vitest";
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import type { SavedNetwork } from "../../../contract/domain/saved-networks.ts";
import { presets } from "../../../contract/settings/network-presets.ts";
import { trainingSettingsSchema, type TrainingSettings } from "../../../contract/domain/training.ts";
import { removeLayer } from "./layer-list.ts";
import { baseOf, choiceOf, draftOfRun, freshDraft, isChanged, named, NEW, settingsOf, variantOf } from "./variants.ts";

const mine = { ...presets.cnn, name: "Mine" };
const saved: SavedNetwork[] = [{ id: 3, network: mine, createdAt: "", changedAt: "" }];
const shorter = removeLayer(presets.ann, 7);

describe("a variant", () => {
  it("starts from its preset or saved network, with its default settings", () => {
    expect(freshDraft("lstm", baseOf("lstm", saved)!).training).toMatchObject({ epochs: 20, batch: 128, patience: 0 });
    expect(freshDraft("3", baseOf("3", saved)!)).toMatchObject({ network: mine, training: { patience: 5 } });
    expect(baseOf("4", saved)).toBeUndefined();
    expect(isChanged(freshDraft("ann", presets.ann), presets.ann)).toBe(false);
  });

  it("trains as the preset while unchanged, and gets another name when changed", () => {
    expect(choiceOf("ann", presets.ann)).toBe("ann");
    const changed = named("ann", shorter);
    expect(changed.name).toBe("ANN, changed");
    expect(choiceOf("ann", changed)).toEqual(changed);
    expect(named("ann", { ...presets.ann, name: "ANN, changed" })).toEqual(presets.ann);
    expect(named("ann", { ...shorter, name: "Short" }).name).toBe("Short");
    expect(named("3", shorter)).toBe(shorter);
  });

  it("is found from a run", () => {
    expect(variantOf("cnn", saved)).toBe("cnn");
    expect(variantOf(mine, saved)).toBe("3");
    expect(variantOf({ ...presets.ann, name: "Copy" }, saved)).toBe("ann");
    expect(variantOf(shorter, saved)).toBe(NEW);
    expect(draftOfRun(defaultTraining("cnn"))).toEqual(freshDraft("cnn", presets.cnn));
    const imported = { ...defaultTraining("cnn"), importedFrom: "model.h5" };
    expect(draftOfRun(imported)).toEqual(freshDraft("cnn", presets.cnn));
  });

  it("leaves open what was chosen for the machine, and what only earlier versions had", () => {
    const trained: TrainingSettings = {
      ...defaultTraining("cnn"),
      threads: 8,
      backend: "tensorflow",
      tuned: ["threads", "microBatches"],
      microBatches: 2,
      convolutions: "ectopy",
    };
    const { training } = freshDraft("cnn", presets.cnn);
    expect(draftOfRun(trained).training).toEqual({ ...training, backend: "tensorflow" });
  });

  it("becomes runs with consecutive seeds", () => {
    const draft = { ...freshDraft("ann", presets.ann), repeats: 3 };
    const runs = settingsOf("ann", { ...draft, training: { ...draft.training, seed: 0xffffffff } });
    expect(runs.map(({ seed }) => seed)).toEqual([0xffffffff, 0, 1]);
    for (const run of runs) expect(trainingSettingsSchema.parse(run)).toEqual(run);
  });
});
