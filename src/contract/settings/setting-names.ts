/** What settings are called, on every screen and in every report, from their places. Pure. */
import { classMapTitles } from "../domain/class-maps.ts";

interface SettingName {
  name: string;
  /** What its numbers count, and what a special one means. */
  unit?: string;
}

/** By their places in the settings of a training (training.ts, optimization.ts). */
const trainingNames: Readonly<Record<string, SettingName>> = {
  network: { name: "Network" },
  "network.name": { name: "Network" },
  "network.layers": { name: "Layers" },
  learningRate: { name: "Learning rate" },
  batch: { name: "Batch", unit: "beats" },
  epochs: { name: "Epochs, at most" },
  patience: { name: "Stop early after", unit: "epochs; 0: never" },
  stepsPerEpoch: { name: "Steps an epoch", unit: "0: all" },
  "weighting.classes": { name: "Beats in the loss" },
  "weighting.synthetic": { name: "Weight of a synthetic beat" },
  "optimizer.kind": { name: "Optimizer" },
  "optimizer.beta1": { name: "β₁" },
  "optimizer.beta2": { name: "β₂" },
  "optimizer.epsilon": { name: "ε" },
  "optimizer.momentum": { name: "Momentum" },
  "optimizer.nesterov": { name: "Nesterov's momentum" },
  "optimizer.rho": { name: "ρ" },
  "optimizer.weightDecay": { name: "Weight decay" },
  "schedule.kind": { name: "Schedule of the rate" },
  "schedule.factor": { name: "Factor of the rate" },
  "schedule.everyEpochs": { name: "Epochs between two rates" },
  "schedule.warmupEpochs": { name: "Warm-up", unit: "epochs" },
  "schedule.floor": { name: "End of the rate", unit: "of its beginning" },
  "schedule.patience": { name: "Epochs on a plateau" },
  "schedule.minimum": { name: "Lowest rate" },
  "clipping.kind": { name: "Clipping of gradients" },
  "clipping.limit": { name: "Limit of gradients" },
  seed: { name: "Seed" },
  threads: { name: "Threads", unit: "0: as measured" },
  microBatches: { name: "Micro-batches", unit: "0: auto" },
  convolutions: { name: "Convolutions by" },
  precision: { name: "Precision" },
  importedFrom: { name: "Trained elsewhere, read from" },
};

/** By their places in the settings of a preparation (preparation.ts). */
const preparationNames: Readonly<Record<string, SettingName>> = {
  protocol: { name: "Protocol" },
  classMap: { name: "Classes" },
  "classMap.classes": { name: "Classes" },
  signal: { name: "Lead", unit: "from 0" },
  before: { name: "Samples before the R-peak" },
  after: { name: "Samples from the R-peak on" },
  denoising: { name: "Denoising" },
  wavelet: { name: "Wavelet" },
  levels: { name: "Wavelet levels" },
  threshold: { name: "Threshold" },
  normalisation: { name: "Normalisation" },
  smallestClass: { name: "Smallest class", unit: "beats" },
  balancing: { name: "Balancing" },
  neighbours: { name: "SMOTE neighbours" },
  majorityCap: { name: "Largest class held at", unit: "beats; 0: not at all" },
  fractions: { name: "Training, validation, test" },
  records: { name: "Records chosen" },
  withoutSharedPatient: { name: "Without record 202" },
  "fold.number": { name: "Fold tested" },
  "fold.of": { name: "Folds" },
  seed: { name: "Seed of the split" },
};

const layerNames: Readonly<Record<string, string>> = {
  rate: "Dropout",
  units: "Units",
  filters: "Filters",
  kernelSize: "Kernel size",
  activation: "Activation",
};

/**
 * @param place in the settings of a training: `optimizer.beta1`, `network.dropout-1.rate`, `network.*.rate`
 * @returns the place itself where it has no other name
 */
export function nameOfSetting(place: string): string {
  const known = trainingNames[place];
  if (known !== undefined) return known.name;
  const [, layer, key] = /^network\.([\w-]+|\*)\.(\w+)$/.exec(place) ?? [];
  if (layer === undefined || key === undefined) return place;
  return `${layerNames[key] ?? key} of ${layer === "*" ? "all layers" : layer}`;
}

/**
 * At the head of a row of settings, where numbers stand alone: `Batch (beats)`.
 * @param place of a compared setting (comparison.ts): `dataset`, `training.batch`, `preparation.wavelet`
 */
export function settingHeading(place: string): string {
  if (place === "dataset") return "Recordings";
  const [, part, inner] = /^(training|preparation)\.(.+)$/.exec(place) ?? [];
  if (part === undefined || inner === undefined) return place;
  const known = (part === "training" ? trainingNames : preparationNames)[inner];
  if (known === undefined) return inner;
  return known.unit === undefined ? known.name : `${known.name} (${known.unit})`;
}

const valueWords: Readonly<Record<string, string>> = { true: "yes", false: "no", "[]": "all" };

const words = (titles: Readonly<Record<string, string>>, value: string): string | undefined =>
  Object.hasOwn(titles, value) ? titles[value] : undefined;

/**
 * A compared setting's value, as JSON or as it is, in words.
 * @param place of the setting, as {@link settingHeading} takes it
 */
export function settingValue(place: string, value: string | null): string {
  if (value === null) return "–";
  return (
    (place === "preparation.classMap" ? words(classMapTitles, value) : undefined) ??
    words(valueWords, value) ??
    value
      .replace(/^\[(.*)\]$/, "$1")
      .replaceAll(/,(?=\S)/g, ", ")
      .replaceAll('"', "")
  );
}
