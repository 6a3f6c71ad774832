/** Default settings, each with its reason. */
import type { z } from "zod";
import type { WinnerMetric } from "../domain/experiments.ts";
import type { LeadsAndRate } from "../domain/dataset-records.ts";
import { isByPatient, type PreparationSettings, type Protocol } from "../domain/preparation.ts";
import { RECIPE_VERSION, RECIPE_WINDOW, type InputRecipe } from "../domain/recipe.ts";
import {
  trainingSettingsSchema,
  type NetworkChoice,
  type PresetName,
  type TrainingSettings,
} from "../domain/training.ts";

/** The seed of the reference study's notebook. */
export const DEFAULT_SEED = 42;

/** Experiments: numbers of runs, and the metric that selects the best run; macro F1 weights rare classes like frequent ones. */
export const defaultExperiment = {
  times: 5,
  folds: 5,
  runs: 10,
  metric: "validation-macro-f1",
} as const satisfies { times: number; folds: number; runs: number; metric: WinnerMetric };

/** Resolution of exported PNG figures, in dots per inch. */
export const DEFAULT_DPI = 300;

/** Name of the experiment in MLflow. */
export const DEFAULT_MLFLOW_EXPERIMENT = "Ectopy";

/** With this protocol, test beats are real and unseen, and every beat class of the reference study can be trained. */
export const DEFAULT_PROTOCOL: Protocol = "intra-patient";

/**
 * Returns window, wavelet and balancing of the reference study (docs/reference-study.md), and a class map by protocol.
 */
export function defaultPreparation(protocol: Protocol): PreparationSettings {
  return {
    protocol,
    // Inter-patient results are published for AAMI's five classes.
    classMap: protocol === "reference" || protocol === "intra-patient" ? "mit-bih" : "aami",
    // The study reads the first lead of each recording, whatever its name: V5 in some, MLII in most.
    ...(protocol === "reference" ? { signal: 0 } : { leads: [] }),
    // 180 samples at the 360 Hz of MIT-BIH.
    beforeMs: 500,
    afterMs: 500,
    denoising: "beat",
    wavelet: "db4",
    levels: 7,
    threshold: "soft",
    normalisation: "none",
    // SMOTE with 5 neighbours needs 6 beats.
    smallestClass: 6,
    balancing: "smote",
    neighbours: 5,
    // The study's cap. Outside of its protocol, no class of the balanced training set has more beats than that.
    majorityCap: 50_000,
    fractions: [0.6, 0.2, 0.2],
    records: [],
    withoutSharedPatient: false,
    seed: DEFAULT_SEED,
    ...(protocol === "custom-split" ? { assigned: { validation: [], test: [] } } : {}),
    ...(protocol === "cross-validation" ? { fold: { number: 1, of: 5 } } : {}),
  };
}

/** Names of groups of preparation settings, beside the defaults. */
export const preparationPresets = ["rhythm-and-shape", "rhythm-and-shape-causal"] as const;
export type PreparationPreset = (typeof preparationPresets)[number];

/** Returns the settings of a preset: beats and features of rhythm and shape (docs/adr/0021). */
export function presetPreparation(preset: PreparationPreset, protocol: Protocol): PreparationSettings {
  return {
    ...withRecipe(defaultPreparation(protocol), {
      version: RECIPE_VERSION,
      variant: preset === "rhythm-and-shape" ? "full" : "causal",
      leads: 2,
      channels: ["beat"],
      synthetic: isByPatient(protocol),
    }),
    classMap: "aami",
    // Class Q counts in the test, however few of its beats there are.
    smallestClass: 1,
    // Epochs are fixed, and few patients have ectopic beats: validation takes an eighth of the training patients.
    fractions: [0.7, 0.1, 0.2],
  };
}

/** Returns settings with an input recipe, which has its window, rate, filter, scaling and weights. */
export function withRecipe(settings: PreparationSettings, recipe: InputRecipe): PreparationSettings {
  return {
    ...settings,
    // A lead by position and a window in samples, as the reference study has them.
    ...{ signal: undefined, before: undefined, after: undefined },
    leads: settings.leads ?? [],
    ...RECIPE_WINDOW,
    denoising: "none",
    normalisation: "none",
    balancing: "none",
    recipe,
  };
}

/**
 * Returns the default settings for tables of beats: the test set that is given, else a random split. Beats are not
 * filtered, because those of the known tables are.
 * @param tables usable tables of the dataset
 */
export function defaultTablePreparation(tables: readonly LeadsAndRate[], chosen?: Protocol): PreparationSettings {
  const testTables = tables.filter(({ details }) => details?.table?.set === "test").map(({ name }) => name);
  const isGiven = testTables.length > 0 && testTables.length < tables.length;
  const protocol = chosen ?? (isGiven ? "given-test-set" : "intra-patient");
  const { signal, beforeMs, afterMs, ...common } = defaultPreparation(protocol);
  void [signal, beforeMs, afterMs];
  const { rate = 0, details } = tables[0] ?? {};
  return {
    ...common,
    classMap: "given",
    leads: [],
    denoising: "none",
    rowSamples: details?.table?.samples ?? 1,
    ...(rate > 0 ? { rate } : {}),
    ...(protocol === "given-test-set" && isGiven ? { testTables } : {}),
  };
}

/** Batch sizes and epochs of the reference study, whose CNN stopped early after about 15 epochs. */
const networkDefaults: Record<PresetName, Partial<z.input<typeof trainingSettingsSchema>>> = {
  ann: { epochs: 50, batch: 64, patience: 0 },
  cnn: { epochs: 50, batch: 64, patience: 5 },
  lstm: { epochs: 20, batch: 128, patience: 0 },
  // As developed on MIT-BIH's DS1, with windows of beats instead of pieces of recordings: on its folds, three passes over
  // windows are as good as seven, which the pieces needed.
  "rhythm-and-shape": {
    epochs: 3,
    batch: 512,
    patience: 0,
    // The cycle ends at a fixed epoch, and the validation loss of few patients chooses worse.
    keptEpoch: "last",
    learningRate: 6e-3,
    optimizer: { kind: "adamw", weightDecay: 0.01 },
    schedule: { kind: "one-cycle" },
    clipping: { kind: "global-norm", limit: 1 },
  },
  "residual-cnn": {
    epochs: 20,
    batch: 128,
    patience: 5,
    optimizer: { kind: "adamw" },
    schedule: { kind: "cosine", warmupEpochs: 1 },
    clipping: { kind: "global-norm", limit: 1 },
  },
};

/** Custom networks use early stopping, because the number of epochs they need is unknown. */
const customNetworkDefaults = { epochs: 50, batch: 64, patience: 5 };

/** Returns the default training settings of a network. */
export function defaultTraining(network: NetworkChoice): TrainingSettings {
  return trainingSettingsSchema.parse({
    network,
    learningRate: 1e-3,
    ...(typeof network === "string" ? networkDefaults[network] : customNetworkDefaults),
    stepsPerEpoch: 0,
    seed: DEFAULT_SEED,
    threads: 0,
  });
}
