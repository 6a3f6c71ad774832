import { describe, expect, it } from "vitest";
import { defaultPreparation, defaultTraining } from "../../../contract/settings/defaults.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import type { TrainingSettings } from "../../../contract/domain/training.ts";
import { preparationValues, trainingValues } from "./settings-text.ts";

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
  Object.fromEntries(trainingValues(details(change)).map(({ name, value }) => [name, value]));

describe("settings of a run", () => {
  it("leave out settings without an effect", () => {
    const values = training({});
    expect(values).toMatchObject({
      Network: "1D-CNN, 11 layers",
      "Max. epochs": "50",
      "Early-stopping patience": "5 epochs",
      "Batch size": "64 beats",
      "Learning rate": "0.001",
      "Learning-rate schedule": "Constant",
    });
    expect(Object.keys(values)).not.toContain("Gradient clipping");
    expect(Object.keys(values)).not.toContain("Device");
  });

  it("describe schedule, gradient clipping and class weights", () => {
    expect(
      training({
        schedule: { kind: "cosine", warmupEpochs: 1, floor: 0 },
        clipping: { kind: "norm", limit: 1 },
        weighting: { classes: { V: 3, A: 2 }, synthetic: 0.5 },
        patience: 0,
      }),
    ).toMatchObject({
      "Learning-rate schedule": "Cosine decay, 1 epoch of warm-up",
      "Gradient clipping": "Clip by norm, limit 1",
      "Class weights": "V 3, A 2",
      "Synthetic sample weight": "0.5",
      "Early-stopping patience": "off",
    });
  });

  it("describe the beats and how they were prepared", () => {
    const values = Object.fromEntries(preparationValues(details()).map(({ name, value }) => [name, value]));
    expect(values).toMatchObject({
      Beats: "6,000 training, 2,000 validation, 2,000 test",
      Classes: "N V",
      "Wavelet denoising": "Each beat: db4, 7 levels, soft thresholding",
      Balancing: "SMOTE, k = 5",
    });
  });
});
