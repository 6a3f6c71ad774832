/** Settings of a training as people call them, from their places (`optimizer.beta1`, `network.dropout-1.rate`). */
import { isPreset, presets } from "../../../contract/network-presets.ts";

const names: Readonly<Record<string, string>> = {
  network: "Network",
  learningRate: "Learning rate",
  batch: "Batch",
  epochs: "Epochs, at most",
  patience: "Stop early after",
  stepsPerEpoch: "Steps an epoch",
  "weighting.classes": "Beats in the loss",
  "weighting.synthetic": "Weight of a synthetic beat",
  "optimizer.beta1": "β₁",
  "optimizer.beta2": "β₂",
  "optimizer.epsilon": "ε",
  "optimizer.momentum": "Momentum",
  "optimizer.rho": "ρ",
  "optimizer.weightDecay": "Weight decay",
  "schedule.factor": "Factor of the rate",
  "schedule.everyEpochs": "Epochs between two rates",
  "schedule.warmupEpochs": "Warm-up",
  "schedule.floor": "End of the rate",
  "schedule.patience": "Epochs on a plateau",
  "schedule.minimum": "Lowest rate",
  "clipping.limit": "Limit of gradients",
};

const layerNames: Readonly<Record<string, string>> = {
  rate: "Dropout",
  units: "Units",
  filters: "Filters",
  kernelSize: "Kernel size",
  activation: "Activation",
};

/** @returns the place itself where it has no other name */
export function nameOfSetting(place: string): string {
  const [, layer, key] = /^network\.([\w-]+|\*)\.(\w+)$/.exec(place) ?? [];
  if (layer === undefined || key === undefined) return names[place] ?? place;
  return `${layerNames[key] ?? key} of ${layer === "*" ? "all layers" : layer}`;
}

/** A run's label, `learningRate 0.01, batch 64`, in words: `Learning rate 0.01, batch 64`. */
export function labelWords(label: string): string {
  const words = label.split(", ").map((part) => {
    const end = part.indexOf(" ");
    const [place, value] = [part.slice(0, end), part.slice(end + 1)];
    return `${nameOfSetting(place)} ${place === "network" && isPreset(value) ? presets[value].name : value}`;
  });
  return words.map((each, i) => (i === 0 ? upperFirst(each) : lowerFirst(each))).join(", ");
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
