import { describe, expect, it } from "vitest";
import { defaultPreparation, defaultTraining } from "../../../contract/settings/defaults.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import type { TrainingSettings } from "../../../contract/domain/training.ts";
import { preparationWords, trainingWords } from "./settings-words.ts";

function details(change: Partial<TrainingSettings> = {}): RunDetails {
  const settings = defaultPreparation("intra-patient");
  const summary = { settings, labels: ["N", "V"], totals: { train: 6000, validation: 2000, test: 2000 } };
  return {
    run: { settings: { ...defaultTraining("cnn"), ...change }, device: null, result: null },
    preparation: { id: 1, settings, summary, fingerprint: "0123456789abcdef0123" },
    dataset: { name: "MIT-BIH" },
  } as unknown as RunDetails;
}
const training = (change: Partial<TrainingSettings>) =>
  Object.fromEntries(trainingWords(details(change)).map(({ name, value }) => [name, value]));

describe("settings in words", () => {
  it("name what was chosen, and leave out what does not apply", () => {
    const words = training({});
    expect(words).toMatchObject({
      Network: "1D-CNN, 11 layers",
      Epochs: "at most 50",
      "Stops early": "after 5 epochs without a lower validation loss",
      Batch: "64 beats",
      "Learning rate": "0.001, constant",
    });
    expect(Object.keys(words)).not.toContain("Clipping");
    expect(Object.keys(words)).not.toContain("Device");
  });

  it("say how the learning rate goes on, how gradients are cut and what classes count", () => {
    expect(
      training({
        schedule: { kind: "cosine", warmupEpochs: 1, floor: 0 },
        clipping: { kind: "norm", limit: 1 },
        weighting: { classes: { V: 3, A: 2 }, synthetic: 0.5 },
        patience: 0,
      }),
    ).toMatchObject({
      "Learning rate": "0.001, falling as a cosine after 1 epoch of rising",
      Clipping: "by norm, 1",
      "Class weights": "V 3, A 2",
      "Weight of a synthetic beat": "0.5",
      "Stops early": "no",
    });
  });

  it("say which beats there were, and how they were made ready", () => {
    const words = Object.fromEntries(preparationWords(details()).map(({ name, value }) => [name, value]));
    expect(words).toMatchObject({
      Beats: "6,000 training, 2,000 validation, 2,000 test",
      Classes: "N V",
      Denoising: "db4, 7 levels, soft threshold, by beat",
      Balancing: "SMOTE, 5 neighbours",
    });
  });
});
