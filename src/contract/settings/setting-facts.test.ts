import { describe, expect, it } from "vitest";
import { earlierPreparation } from "../../../tests/support/earlier-preparation.ts";
import { lossSchema } from "../domain/optimization.ts";
import { protocols } from "../domain/preparation.ts";
import type { TrainingSettings } from "../domain/training.ts";
import { defaultPreparation, defaultTraining } from "./defaults.ts";
import { preparationFacts, trainingFacts, type RecordingFacts } from "./setting-facts.ts";

const preparation = (settings: Parameters<typeof preparationFacts>[0], recordings?: RecordingFacts) =>
  new Map(preparationFacts(settings, recordings).map(({ label, value }) => [label, value]));
const training = (change: Partial<TrainingSettings>) => {
  const facts = trainingFacts({ ...defaultTraining("cnn"), ...change });
  return Object.fromEntries(facts.map(({ label, value }) => [label, value]));
};

describe("facts of a preparation", () => {
  it("state which beats the protocol balances, and the cap", () => {
    const reference = preparation(defaultPreparation("reference"));
    expect([reference.get("Balancing"), reference.get("SMOTE k"), reference.get("Majority-class cap")]).toEqual([
      "SMOTE on all beats, before the split",
      "5",
      "50,000 beats",
    ]);
    expect(preparation(defaultPreparation("intra-patient")).get("Balancing")).toBe("SMOTE on the training set");
  });

  it("name the classes of a custom class map, and the tested fold", () => {
    const classes = [
      { label: "quiet", symbols: "NLR" },
      { label: "V", symbols: "VE" },
    ];
    const fold = { number: 2, of: 5 };
    const facts = preparation({ ...defaultPreparation("cross-validation"), classMap: { classes }, fold });
    expect(facts.get("Class map")).toBe("quiet (N L R), V (V E)");
    expect(facts.get("Training / validation / test split")).toBe("by patient; fold 2 of 5 is tested");
  });

  it("give the window in samples where the sampling rate is known, and the leads in their order", () => {
    const settings = { ...defaultPreparation("intra-patient"), beforeMs: 250, leads: ["MLII", "V5"] };
    expect(preparation(settings).get("Window before R-peak")).toBe("250 ms");
    const facts = preparation({ ...settings, rate: 128 });
    expect([facts.get("Window before R-peak"), facts.get("Lead"), facts.get("Sampling rate")]).toEqual([
      "250 ms (32 samples at 128 Hz)",
      "MLII, else V5",
      "128 Hz",
    ]);
  });

  it("name the AAMI class of escape beats", () => {
    const settings = defaultPreparation("inter-patient");
    expect(preparation(settings).get("Class map")).toBe("AAMI classes (e, j and n in N)");
    expect(preparation({ ...settings, classMap: "ec57" }).get("Class map")).toMatch(/\(e, j and n in S\)$/);
  });

  it("of earlier versions give the window in milliseconds where the sampling rate is known", () => {
    const settings = { ...earlierPreparation("reference"), before: 90 };
    const facts = preparation(settings, { rate: 360, leads: ["MLII", "V5"] });
    expect([facts.get("Window before R-peak"), facts.get("Lead")]).toEqual([
      "90 samples (250 ms at 360 Hz)",
      "1 (MLII, V5)",
    ]);
    expect(preparation(settings).get("Window before R-peak")).toBe("90 samples");
  });

  it.each(protocols)("have one label each, for the %s protocol", (protocol) => {
    const labels = preparationFacts(defaultPreparation(protocol)).map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
  });
});

describe("facts of a training", () => {
  it("describe schedule, gradient clipping and class weights", () => {
    expect(
      training({
        schedule: { kind: "cosine", warmupEpochs: 1, floor: 0 },
        clipping: { kind: "norm", limit: 1 },
        weighting: { classes: { V: 3, A: 2 }, synthetic: 0.5 },
        patience: 0,
      }),
    ).toMatchObject({
      "Learning-rate schedule": "Cosine decay to 0 of the initial rate, after 1 epoch of warm-up",
      "Gradient clipping": "Clip by norm, limit 1",
      "Class weights": "V 3, A 2; others 1",
      "Synthetic sample weight": "0.5",
      "Early-stopping patience": "off",
    });
  });

  it("keep fractions of an epoch", () => {
    const schedule = { kind: "exponential", factor: 0.9, everyEpochs: 0.5 } as const;
    expect(training({ schedule })["Learning-rate schedule"]).toBe("Exponential decay: × 0.9 every 0.5 epochs");
  });

  it("name loss and order of beats where they are chosen", () => {
    const chosen = { ...defaultTraining("ann"), sampling: "balanced" as const, loss: lossSchema.parse({ focus: 2 }) };
    const facts = new Map(trainingFacts(chosen).map(({ label, value, isOff }) => [label, isOff ? "off" : value]));
    expect(facts.get("Order of beats")).toBe("Balanced batches");
    expect([facts.get("Focal loss γ"), facts.get("Label smoothing")]).toEqual(["2", "off"]);
  });

  it("mark settings without an effect", () => {
    const off = trainingFacts(defaultTraining("ann")).filter(({ isOff }) => isOff);
    expect(off.map(({ label }) => label)).toEqual([
      "Steps per epoch",
      "Gradient clipping",
      "Class weights",
      "Synthetic sample weight",
      "Threads",
    ]);
  });
});
