/** What is chosen where the user chooses nothing, in one place, with its reason. */
import type { PreparationSettings, Protocol } from "../domain/preparation.ts";
import {
  trainingSettingsSchema,
  type NetworkChoice,
  type NetworkName,
  type TrainingSettings,
} from "../domain/training.ts";

/** The seed of the reference study's notebook. */
export const DEFAULT_SEED = 42;

/** Split first: test beats are real and unseen, and every beat class of the study can be trained. */
export const DEFAULT_PROTOCOL: Protocol = "intra-patient";

/** The study's windows, wavelet and balancing (docs/reference-study.md); classes by protocol. */
export function defaultPreparation(protocol: Protocol): PreparationSettings {
  return {
    protocol,
    // AAMI's five classes are those that inter-patient results are published in.
    classMap: protocol === "inter-patient" || protocol === "cross-validation" ? "aami" : "mit-bih",
    signal: 0,
    before: 180,
    after: 180,
    denoising: "beat",
    wavelet: "db4",
    levels: 7,
    threshold: "soft",
    normalisation: "none",
    // SMOTE with 5 neighbours needs 6 beats.
    smallestClass: 6,
    balancing: "smote",
    neighbours: 5,
    majorityCap: 50_000,
    fractions: [0.6, 0.2, 0.2],
    records: [],
    withoutSharedPatient: false,
    seed: DEFAULT_SEED,
    ...(protocol === "cross-validation" ? { fold: { number: 1, of: 5 } } : {}),
  };
}

/** The study's batch sizes and epochs. The CNN stopped early in the study, after about 15 epochs. */
const networkDefaults: Record<NetworkName, { epochs: number; batch: number; patience: number }> = {
  ann: { epochs: 50, batch: 64, patience: 0 },
  cnn: { epochs: 50, batch: 64, patience: 5 },
  lstm: { epochs: 20, batch: 128, patience: 0 },
};

/** Of networks of one's own: how long they need is not known, so they stop where they no longer improve. */
const customNetworkDefaults = { epochs: 50, batch: 64, patience: 5 };

export function defaultTraining(network: NetworkChoice): TrainingSettings {
  return trainingSettingsSchema.parse({
    network,
    ...(typeof network === "string" ? networkDefaults[network] : customNetworkDefaults),
    learningRate: 1e-3,
    stepsPerEpoch: 0,
    seed: DEFAULT_SEED,
    threads: 0,
  });
}
