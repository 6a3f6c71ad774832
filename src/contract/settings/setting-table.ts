/**
 * The table of settings: label, unit, help and value labels of each, for forms, the run page, comparisons, reports and the command
 * line. Keys are paths in the settings of a training (domain/training.ts, domain/optimization.ts), of a preparation
 * (domain/preparation.ts) or of a layer (domain/networks.ts).
 */
import { classMapTitles } from "../domain/class-maps.ts";
import { presets } from "./network-presets.ts";

export interface SettingText {
  label: string;
  /** Unit of its numbers, such as `epochs`. */
  unit?: string;
  /** Meaning of a special value, such as `0: auto`. */
  special?: string;
  /** One or two sentences: what the setting changes. */
  help?: string;
  /** Labels of its values, by the stored value. */
  values?: Readonly<Record<string, string>>;
}

const training = {
  network: {
    label: "Network",
    values: Object.fromEntries(Object.entries(presets).map(([name, network]) => [name, network.name])),
  },
  "network.name": { label: "Network" },
  "network.layers": { label: "Layers" },
  epochs: { label: "Max. epochs", help: "Training ends after this many epochs, or earlier by early stopping." },
  batch: { label: "Batch size", unit: "beats", help: "Beats of one training step." },
  learningRate: { label: "Learning rate", help: "Initial learning rate of the schedule." },
  patience: {
    label: "Early-stopping patience",
    unit: "epochs",
    special: "0: off",
    help: "Training stops after this many epochs without a lower validation loss.",
  },
  stepsPerEpoch: {
    label: "Steps per epoch",
    special: "0: full pass",
    help: "Training steps of one epoch. 0 uses each training beat once.",
  },
  "weighting.classes": {
    label: "Class weights",
    help: "Weight of each class in the training loss. Balanced weights are n / (classes × beats of the class).",
    values: { equal: "None", balanced: "Balanced" },
  },
  "weighting.synthetic": {
    label: "Synthetic sample weight",
    help: "Weight of a synthetic beat in the training loss; a real beat of its class has weight 1.",
  },
  "optimizer.kind": {
    label: "Optimizer",
    values: { adam: "Adam", adamw: "AdamW", sgd: "SGD", rmsprop: "RMSprop" },
  },
  "optimizer.beta1": { label: "β₁", help: "Decay rate of the gradient's moving average." },
  "optimizer.beta2": { label: "β₂", help: "Decay rate of the squared gradient's moving average." },
  "optimizer.epsilon": { label: "ε", help: "Constant added to the denominator of the update." },
  "optimizer.momentum": { label: "Momentum" },
  "optimizer.nesterov": { label: "Nesterov momentum", values: { true: "Yes", false: "No" } },
  "optimizer.rho": { label: "ρ", help: "Decay rate of the squared gradient's moving average." },
  "optimizer.weightDecay": {
    label: "Weight decay",
    help: "Each step reduces a weight by this share, times the learning rate.",
  },
  "schedule.kind": {
    label: "Learning-rate schedule",
    values: {
      constant: "Constant",
      exponential: "Exponential decay",
      cosine: "Cosine decay",
      plateau: "Reduce on plateau",
    },
  },
  "schedule.factor": { label: "Decay factor", help: "The learning rate is multiplied by this factor." },
  "schedule.everyEpochs": { label: "Decay period", unit: "epochs" },
  "schedule.warmupEpochs": {
    label: "Warm-up",
    unit: "epochs",
    help: "The learning rate rises linearly from 0 over these epochs.",
  },
  "schedule.floor": { label: "Final learning rate", unit: "of the initial one" },
  "schedule.patience": {
    label: "Plateau patience",
    unit: "epochs",
    help: "Epochs without a lower validation loss before the learning rate is reduced.",
  },
  "schedule.minimum": { label: "Min. learning rate" },
  "clipping.kind": {
    label: "Gradient clipping",
    values: {
      none: "None",
      value: "Clip by value",
      norm: "Clip by norm",
      "global-norm": "Clip by global norm",
    },
  },
  "clipping.limit": { label: "Clipping limit" },
  seed: { label: "Seed", help: "Seed of the initial weights, the order of the beats and the dropout masks." },
  threads: {
    label: "Intra-op threads",
    special: "0: auto",
    help: "Threads of one operation. Auto-tuning measures the fastest number on this machine.",
  },
  microBatches: {
    label: "Micro-batches",
    special: "0: auto",
    help: "Shares of a batch that are computed in parallel. Another number draws other dropout masks.",
  },
  convolutions: {
    label: "Convolution kernels",
    help: "Implementation of convolutions. Results differ by rounding.",
    values: { auto: "Auto", tensorflow: "TensorFlow", ectopy: "Ectopy" },
  },
  precision: {
    label: "Compute precision",
    help: "Number format of matrix products and convolutions; sums and weights are float32.",
    values: { float32: "float32", bfloat16: "bfloat16 (mixed)" },
  },
  importedFrom: { label: "Imported from", help: "File of a model that was trained outside Ectopy." },
} satisfies Record<string, SettingText>;

const preparation = {
  protocol: {
    label: "Evaluation protocol",
    help: "How beats are split into training, validation and test set.",
    values: {
      reference: "Reference study",
      "intra-patient": "Intra-patient split",
      "inter-patient": "Inter-patient split",
      "cross-validation": "Patient-wise cross-validation",
    },
  },
  classMap: {
    label: "Class map",
    help: "Which annotation symbols count as which class.",
    values: { ...classMapTitles, custom: "Custom class map" },
  },
  "classMap.classes": { label: "Classes" },
  signal: { label: "Lead", special: "from 0" },
  before: { label: "Window pre-R", unit: "samples", help: "Samples before the R-peak." },
  after: { label: "Window post-R", unit: "samples", help: "Samples from the R-peak on." },
  denoising: {
    label: "Wavelet denoising",
    help: "Reduces noise by wavelet thresholding; it does not remove baseline wander.",
    values: { beat: "Each beat", record: "Whole recording, before cutting", none: "None" },
  },
  wavelet: { label: "Wavelet", help: "Daubechies wavelet, db1 to db38." },
  levels: { label: "Decomposition levels" },
  threshold: { label: "Thresholding", values: { soft: "Soft", hard: "Hard" } },
  normalisation: {
    label: "Normalisation",
    values: { none: "None (mV)", "z-score": "z-score of each beat" },
  },
  smallestClass: {
    label: "Minimum beats per class",
    unit: "beats",
    help: "Classes with fewer real beats are excluded.",
  },
  balancing: { label: "Balancing", values: { smote: "SMOTE", none: "None" } },
  neighbours: { label: "SMOTE k", help: "Nearest neighbours of a beat that SMOTE interpolates to." },
  majorityCap: {
    label: "Majority-class cap",
    unit: "beats",
    special: "0: none",
    help: "The largest class is undersampled to this many beats.",
  },
  fractions: { label: "Training / validation / test split" },
  records: { label: "Recordings" },
  withoutSharedPatient: {
    label: "Exclude recording 202",
    help: "Recordings 201 and 202 of MIT-BIH are of one patient.",
    values: { true: "Yes", false: "No" },
  },
  "fold.number": { label: "Test fold" },
  "fold.of": { label: "Folds" },
  seed: { label: "Split seed", help: "Seed of the split and of the synthetic beats." },
} satisfies Record<string, SettingText>;

const layer = {
  rate: { label: "Dropout rate" },
  units: { label: "Units" },
  filters: { label: "Filters" },
  kernelSize: { label: "Kernel size" },
  activation: { label: "Activation" },
} satisfies Record<string, SettingText>;

export type TrainingSettingKey = keyof typeof training;
export type PreparationSettingKey = keyof typeof preparation;
export type LayerSettingKey = keyof typeof layer;

export const trainingSettingTable: Readonly<Record<TrainingSettingKey, SettingText>> = training;
export const preparationSettingTable: Readonly<Record<PreparationSettingKey, SettingText>> = preparation;
export const layerSettingTable: Readonly<Record<LayerSettingKey, SettingText>> = layer;

/** Returns an entry of a table by any text; undefined where the table has none. */
function entryOf(table: Readonly<Record<string, SettingText>>, key: string): SettingText | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/**
 * Returns the label of a training setting: `Learning rate`, `Dropout rate (dropout-1)`, `Dropout rate (all layers)`.
 * @param path path in the settings: `learningRate`, `network.dropout-1.rate`, `network.*.rate`
 * @returns the path itself where the table has no entry
 */
export function settingLabel(path: string): string {
  const entry = entryOf(trainingSettingTable, path);
  if (entry !== undefined) return entry.label;
  const [, id, key] = /^network\.([\w-]+|\*)\.(\w+)$/.exec(path) ?? [];
  if (id === undefined || key === undefined) return path;
  return `${entryOf(layerSettingTable, key)?.label ?? key} (${id === "*" ? "all layers" : id})`;
}

/** Returns a label with the unit and the meaning of special values: `Early-stopping patience (epochs; 0: off)`. */
export function labelWithUnit({ label, unit, special }: SettingText): string {
  const notes = [unit, special].filter((note) => note !== undefined);
  return notes.length === 0 ? label : `${label} (${notes.join("; ")})`;
}

/**
 * Returns the heading of a compared setting, with its unit: `Batch size (beats)`.
 * @param path path of domain/comparison.ts: `dataset`, `training.batch`, `preparation.wavelet`
 */
export function settingHeading(path: string): string {
  if (path === "dataset") return "Dataset";
  const entry = comparedEntry(path);
  return entry === undefined ? path.replace(/^(training|preparation)\./, "") : labelWithUnit(entry);
}

const GENERAL_VALUES: Readonly<Record<string, string>> = { true: "Yes", false: "No", "[]": "all" };

/**
 * Returns the label of a compared setting's value; numbers and names as they are, lists without their brackets.
 * @param path path as in {@link settingHeading}
 * @param value text, or JSON of anything else; null where a run has no such setting
 */
export function settingValue(path: string, value: string | null): string {
  if (value === null) return "–";
  const values = comparedEntry(path)?.values ?? {};
  if (Object.hasOwn(values, value)) return values[value];
  if (path !== "dataset" && Object.hasOwn(GENERAL_VALUES, value)) return GENERAL_VALUES[value];
  return value
    .replace(/^\[(.*)\]$/, "$1")
    .replaceAll(/,(?=\S)/g, ", ")
    .replaceAll('"', "");
}

function comparedEntry(path: string): SettingText | undefined {
  const [, settings, key] = /^(training|preparation)\.(.+)$/.exec(path) ?? [];
  if (key === undefined) return undefined;
  return entryOf(settings === "training" ? trainingSettingTable : preparationSettingTable, key);
}
