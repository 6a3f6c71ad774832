/** Places of settings in words: `training.learningRate` is the learning rate. */

const words: Readonly<Record<string, string>> = {
  dataset: "Recordings",
  "training.network.name": "Network",
  "training.network.layers": "Layers",
  "training.learningRate": "Learning rate",
  "training.stepsPerEpoch": "Steps an epoch",
  "training.patience": "Epochs without improvement",
  "training.optimizer.kind": "Optimizer",
  "training.schedule.kind": "Learning rate schedule",
  "training.clipping.kind": "Clipping",
  "training.weighting.classes": "Class weights",
  "training.weighting.synthetic": "Weight of a synthetic beat",
  "training.parts": "Parts of a batch",
  "training.seed": "Seed of the training",
  "preparation.labelMap": "Classes",
  "preparation.before": "Samples before the R-peak",
  "preparation.after": "Samples from the R-peak on",
  "preparation.signal": "Lead",
  "preparation.smallestClass": "Smallest class",
  "preparation.majorityCap": "Most beats of the largest class",
  "preparation.fractions": "Training, validation, test",
  "preparation.withoutSharedPatient": "Without record 202",
  "preparation.seed": "Seed of the split",
};

export function settingName(place: string): string {
  const known = words[place];
  if (known !== undefined) return known;
  const [, ...path] = place.split(".");
  const text = path
    .join(" ")
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A value as it fits into a cell: a list of layers is told by how many there are. */
export function settingValue(place: string, value: string | null): string {
  if (value === null) return "–";
  if (place === "training.network.layers") return `${(JSON.parse(value) as unknown[]).length} layers`;
  return value;
}
