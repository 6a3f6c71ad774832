/**
 * The table of settings: label, unit, help and value labels of each, for forms, the run page, comparisons, reports and
 * the command line. Keys are paths in the settings of a training (domain/training.ts, domain/optimization.ts), of a
 * preparation (domain/preparation.ts) or of a layer (domain/networks.ts).
 */
import { z } from "zod";
import { classMapTitles, customClassMapSchema, type BeatClass, type ClassMap } from "../domain/class-maps.ts";
import type { PreparationSettings, Protocol } from "../domain/preparation.ts";
import { backendTitles, type TrainingSettings } from "../domain/training.ts";
import { counted } from "../text/format-number.ts";
import { allPresets } from "./network-presets.ts";
import { labelTexts, protocolText, startTexts } from "./origin-texts.ts";
import { rangeProblem, type NumberRange } from "./number-range.ts";

export interface SettingText {
  label: string;
  /** Unit of its numbers, such as `epochs`. */
  unit?: string;
  /** Meaning of a special value, such as `0 = auto`. */
  special?: string | undefined;
  /** One or two sentences: what the setting changes. */
  help?: string;
  /** Labels of its values, by the stored value. */
  values?: Readonly<Record<string, string>>;
  /** Explanations of its values, by the stored value. */
  valueHelp?: Readonly<Record<string, string>>;
  /** Range of a number, for new settings; stored ones may have the wider range of the schemas in domain/. */
  range?: NumberRange;
}

const fraction: NumberRange = { min: 0, max: 1, belowMax: true };
const share: NumberRange = { min: 0, max: 1, aboveMin: true };
const percent: NumberRange = { min: 1, max: 98, whole: true };
const epochs: NumberRange = { min: 0, max: 100_000 };
const layerSize: NumberRange = { min: 1, max: 16_384, whole: true };
/** Seeds have 32 bits, because the random streams use 32. */
export const seedRange: NumberRange = { min: 0, max: 0xffffffff, whole: true };

const training = {
  network: {
    label: "Network",
    values: Object.fromEntries(Object.entries(allPresets).map(([name, network]) => [name, network.name])),
  },
  "network.name": { label: "Network" },
  "network.layers": { label: "Layers" },
  epochs: {
    range: { min: 1, max: 100_000, whole: true },
    label: "Max. epochs",
    help: "Training ends after this many epochs, or earlier by early stopping.",
  },
  batch: {
    range: { min: 1, max: 65_536, whole: true },
    label: "Batch size",
    unit: "beats",
    help: "Beats of one training step.",
  },
  learningRate: {
    range: { min: 0, max: 10, aboveMin: true },
    label: "Learning rate",
    help: "Initial learning rate of the schedule.",
  },
  patience: {
    range: { ...epochs, whole: true },
    label: "Early-stopping patience",
    unit: "epochs",
    special: "0 = off",
    help: "Training stops after this many epochs without a lower validation loss.",
  },
  keptEpoch: {
    label: "Weights kept",
    help: "Weights that are tested and exported. The last epoch needs no choice by the validation set.",
    values: { best: "Of the lowest validation loss", last: "Of the last epoch" },
  },
  stepsPerEpoch: {
    range: { min: 0, max: 10_000_000, whole: true },
    label: "Steps per epoch",
    special: "0 = full pass",
    help: "Training steps of one epoch. 0 uses each training beat once.",
  },
  "weighting.classes": {
    label: "Class weights",
    help: "Weight of each class in the training loss. Balanced weights are n / (classes × beats of the class).",
    values: { equal: "None", balanced: "Balanced" },
  },
  "weighting.synthetic": {
    range: share,
    label: "Synthetic sample weight",
    help: "Weight of a synthetic beat in the training loss; a real beat of its class has weight 1.",
  },
  sampling: {
    label: "Order of beats",
    help: "Balanced batches have the classes equally often: beats of small classes repeat.",
    values: { shuffled: "Shuffled", balanced: "Balanced batches" },
  },
  "loss.labelSmoothing": {
    range: fraction,
    label: "Label smoothing",
    help: "Share of each true class that is spread equally over all classes.",
  },
  "loss.focus": {
    range: { min: 0, max: 10 },
    label: "Focal loss γ",
    special: "0 = off",
    help: "Weighs each beat by (1 − probability of its class)^γ, so that easy beats count less.",
  },
  "loss.logitAdjustment": {
    range: { min: 0, max: 10 },
    label: "Logit adjustment",
    special: "0 = off",
    help: "Adds this times the log of each class's share of the training set to the logits during training.",
  },
  "optimizer.kind": {
    label: "Optimizer",
    values: { adam: "Adam", adamw: "AdamW", sgd: "SGD", rmsprop: "RMSprop" },
  },
  "optimizer.beta1": { range: fraction, label: "β₁", help: "Decay rate of the gradient's moving average." },
  "optimizer.beta2": { range: fraction, label: "β₂", help: "Decay rate of the squared gradient's moving average." },
  "optimizer.epsilon": { range: share, label: "ε", help: "Constant added to the denominator of the update." },
  "optimizer.momentum": { range: fraction, label: "Momentum" },
  "optimizer.nesterov": { label: "Nesterov momentum", values: { true: "Yes", false: "No" } },
  "optimizer.rho": { range: fraction, label: "ρ", help: "Decay rate of the squared gradient's moving average." },
  "optimizer.weightDecay": {
    range: { min: 0, max: 1 },
    label: "Weight decay",
    help: "Each step reduces a weight by this share, times the learning rate.",
  },
  "schedule.kind": {
    label: "Learning-rate schedule",
    values: {
      constant: "Constant",
      exponential: "Exponential decay",
      cosine: "Cosine decay",
      "one-cycle": "One cycle",
      plateau: "Reduce on plateau",
    },
  },
  "schedule.factor": { range: share, label: "Decay factor", help: "The learning rate is multiplied by this factor." },
  "schedule.everyEpochs": { range: { ...epochs, aboveMin: true }, label: "Decay period", unit: "epochs" },
  "schedule.warmupEpochs": {
    range: epochs,
    label: "Warm-up",
    unit: "epochs",
    help: "The learning rate rises linearly from 0 over these epochs.",
  },
  "schedule.floor": { range: fraction, label: "Final learning rate", unit: "of the initial one" },
  "schedule.rising": {
    range: { min: 0, max: 1, aboveMin: true, belowMax: true },
    label: "Rising share",
    help: "Share of the steps in which the learning rate rises to its highest value.",
  },
  "schedule.start": { range: share, label: "First learning rate", unit: "of the highest one" },
  "schedule.patience": {
    range: { min: 1, max: 100_000, whole: true },
    label: "Plateau patience",
    unit: "epochs",
    help: "Epochs without a lower validation loss before the learning rate is reduced.",
  },
  "schedule.minimum": { range: { min: 0, max: 10 }, label: "Min. learning rate" },
  "clipping.kind": {
    label: "Gradient clipping",
    values: {
      none: "None",
      value: "Clip by value",
      norm: "Clip by norm",
      "global-norm": "Clip by global norm",
    },
  },
  "clipping.limit": { range: { min: 0, max: 1_000_000, aboveMin: true }, label: "Clipping limit" },
  seed: {
    range: seedRange,
    label: "Seed",
    help: "Seed of the initial weights, the order of the beats and the dropout masks.",
  },
  threads: {
    range: { min: 0, max: 1024, whole: true },
    label: "Threads",
    special: "0 = auto",
    help: "Threads that compute a step together. Auto: the fastest number measured for the network.",
  },
  // Of runs stored by earlier versions.
  microBatches: { label: "Micro-batches" },
  convolutions: {
    label: "Convolution kernels",
    values: { auto: "Auto", tensorflow: "TensorFlow", ectopy: "Ectopy" },
  },
  precision: {
    label: "Compute precision",
    help: "Number format of matrix products and convolutions; sums and weights are float32. bfloat16 needs an NVIDIA GPU.",
    values: { float32: "float32", bfloat16: "bfloat16 (mixed)" },
  },
  backend: {
    label: "Backend",
    help: "What executes the training. Results of different backends differ by rounding.",
    values: { auto: "Auto", ...backendTitles },
  },
  ...startTexts,
  trainedOnTest: { label: "Test recordings in its training", help: "Recordings, or their patients, by the samples." },
  members: { label: "Ensemble of", help: "Runs whose probabilities are averaged." },
} satisfies Record<string, SettingText>;

const preparation = {
  protocol: protocolText,
  ...labelTexts,
  classMap: {
    label: "Class map",
    help: "Which annotation symbols count as which class.",
    values: { ...classMapTitles, custom: "Custom class map" },
    valueHelp: {
      "mit-bih": "15 classes, as in the reference study",
      aami: "N, S, V, F and Q of ANSI/AAMI EC57; escape beats (e, j, n) in N, as in most papers",
      ec57: "The same classes; escape beats (e, j, n) in S, as EC57's reference program counts S",
      given: "The classes of the table, by the names that were given at import",
    },
  },
  "classMap.classes": { label: "Classes" },
  leads: {
    label: "Lead",
    help: "Each recording gives the first of these leads that it has.",
    values: { "[]": "Auto" },
  },
  signal: { range: { min: 0, max: 255, whole: true }, label: "Lead by position", special: "from 0" },
  beforeMs: {
    range: { min: 1, max: 5000 },
    label: "Window before R-peak",
    unit: "ms",
    help: "Milliseconds before the R-peak.",
  },
  afterMs: {
    range: { min: 1, max: 5000 },
    label: "Window after R-peak",
    unit: "ms",
    help: "Milliseconds from the R-peak on.",
  },
  rate: {
    range: { min: 10, max: 10_000 },
    label: "Sampling rate",
    unit: "Hz",
    help: "Sampling rate of the beats. Recordings of other rates are resampled by a polyphase anti-aliasing filter.",
  },
  // Of preparations of earlier versions.
  before: { range: { min: 1, max: 5000, whole: true }, label: "Window before R-peak", unit: "samples" },
  after: { range: { min: 1, max: 5000, whole: true }, label: "Window after R-peak", unit: "samples" },
  recipe: {
    label: "Input",
    help: "What networks get of a beat.",
    values: {
      none: "Beat alone",
      full: "Rhythm and shape",
      causal: "Rhythm and shape, causal",
    },
    valueHelp: {
      none: "The samples of one lead around the R-peak.",
      full:
        "Beats at 120 Hz and features: RR intervals, shape against the patient's median beat, P wave, neighbours. They use the whole " +
        "recording (transductive) and later beats (not causal).",
      causal: "The same without anything later than 600 ms after an R-peak, for monitoring.",
    },
  },
  "recipe.leads": {
    label: "Leads",
    values: { "1": "One", "2": "Two: the chosen one and the recording's next" },
  },
  "recipe.channels": {
    label: "Channels of each lead",
    values: {
      beat: "Beat",
      difference: "Difference from the median beat",
      "beat,difference": "Beat, and its difference from the median beat",
    },
  },
  "recipe.synthetic": {
    label: "Synthetic recordings in the training set",
    help: "Early atrial beats, atrial fibrillation, sinus arrhythmia and pauses, made of the training recordings alone.",
  },
  denoising: {
    label: "Wavelet denoising",
    help: "Reduces noise by wavelet thresholding; it does not remove baseline wander.",
    values: { beat: "Each beat", record: "Whole recording, before cutting", none: "None" },
  },
  wavelet: { label: "Wavelet", help: "Daubechies wavelet, db1 to db38." },
  levels: { range: { min: 1, max: 20, whole: true }, label: "Decomposition levels" },
  threshold: { label: "Thresholding", values: { soft: "Soft", hard: "Hard" } },
  normalisation: {
    label: "Normalisation",
    values: { none: "None", "z-score": "z-score of each beat" },
    valueHelp: { none: "Samples stay in mV, or as a table has them." },
  },
  smallestClass: {
    range: { min: 1, max: 1_000_000, whole: true },
    label: "Minimum beats per class",
    help: "Classes with fewer real beats are excluded.",
  },
  balancing: { label: "Balancing", values: { smote: "SMOTE", none: "None" } },
  neighbours: {
    range: { min: 1, max: 100, whole: true },
    label: "SMOTE k",
    help: "Nearest neighbours of a beat that SMOTE interpolates to.",
  },
  majorityCap: {
    range: { min: 0, max: 10_000_000, whole: true },
    label: "Majority-class cap",
    unit: "beats",
    special: "0 = none",
    help: "Balanced classes have at most this many beats. Reference study: only the largest class is undersampled to it.",
  },
  fractions: { label: "Training / validation / test split" },
  "fractions.validation": { range: percent, label: "Validation split", unit: "%" },
  "fractions.test": { range: percent, label: "Test split", unit: "%" },
  records: { label: "Recordings" },
  rowSamples: { label: "Samples per beat", help: "Samples of a row of the table." },
  testTables: { label: "Test tables" },
  withoutSharedPatient: {
    label: "Exclude recording 202",
    help: "MIT-BIH: recordings 201 and 202 are of one patient.",
    values: { true: "Yes", false: "No" },
  },
  withoutBothShared: { label: "Exclude recordings 201 and 202", values: { true: "Yes", false: "No" } },
  "assigned.validation": { label: "Validation recordings" },
  "assigned.test": { label: "Test recordings" },
  "fold.number": { label: "Test fold" },
  "fold.of": { label: "Folds" },
  seed: { range: seedRange, label: "Split seed", help: "Seed of the split and of the synthetic beats." },
} satisfies Record<string, SettingText>;

const layer = {
  rate: { range: fraction, label: "Dropout rate" },
  deviation: { range: { min: 0, max: 1000 }, label: "Noise" },
  units: { range: layerSize, label: "Units" },
  filters: { range: layerSize, label: "Filters" },
  kernelSize: { range: layerSize, label: "Kernel size" },
  strides: { range: layerSize, label: "Strides" },
  dilation: { range: layerSize, label: "Dilation" },
  poolSize: { range: layerSize, label: "Pool size" },
  before: { range: { ...layerSize, min: 0 }, label: "Zeros before" },
  after: { range: { ...layerSize, min: 0 }, label: "Zeros after" },
  epsilon: { range: { min: 0, max: 1, aboveMin: true }, label: "Epsilon" },
  negativeSlope: { range: { min: 0, max: 1 }, label: "Slope below 0" },
  activation: { label: "Activation" },
} satisfies Record<string, SettingText>;

const experiment = {
  times: { range: { min: 2, max: 1000, whole: true }, label: "Repeats" },
  folds: { range: { min: 2, max: 20, whole: true }, label: "Folds" },
  runs: { range: { min: 1, max: 1000, whole: true }, label: "Trials" },
  seed: { range: seedRange, label: "Search seed" },
} satisfies Record<string, SettingText>;

const figure = {
  width: { range: { min: 60, max: 400, whole: true }, label: "Width", unit: "mm" },
  dpi: { range: { min: 72, max: 1200, whole: true }, label: "Resolution", unit: "dpi" },
} satisfies Record<string, SettingText>;

export type TrainingSettingKey = keyof typeof training;
export type PreparationSettingKey = keyof typeof preparation;
export type LayerSettingKey = keyof typeof layer;

export const trainingSettingTable: Readonly<Record<TrainingSettingKey, SettingText>> = training;
export const preparationSettingTable: Readonly<Record<PreparationSettingKey, SettingText>> = preparation;
export const layerSettingTable: Readonly<Record<LayerSettingKey, SettingText>> = layer;
export const experimentSettingTable: Readonly<Record<keyof typeof experiment, SettingText>> = experiment;
export const figureSettingTable: Readonly<Record<keyof typeof figure, SettingText>> = figure;

/** Returns what is wrong with the first number outside of its range, with its label; null: nothing. */
export function trainingProblem(settings: TrainingSettings): string | null {
  return (
    tableProblem(training, settings) ??
    (settings.keptEpoch === "last" && settings.patience > 0
      ? "Early stopping keeps the epoch with the lowest validation loss. Turn it off (patience 0) to keep the last epoch."
      : null)
  );
}

/** Returns what is wrong with the first number outside of its range, with its label; null: nothing. */
export function preparationProblem(settings: PreparationSettings): string | null {
  return tableProblem(preparation, settings);
}

function tableProblem(table: Readonly<Record<string, SettingText>>, settings: object): string | null {
  for (const [path, { label, unit, range }] of Object.entries(table)) {
    const value = valueAt(settings, path);
    const problem = range !== undefined && typeof value === "number" ? rangeProblem(value, range, unit) : null;
    if (problem !== null) return `${label} is ${String(value)}. ${problem}`;
  }
  return null;
}

/** Returns undefined where the settings have no such value. */
export function valueAt(settings: object, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (found, key) =>
        typeof found === "object" && found !== null ? (found as Record<string, unknown>)[key] : undefined,
      settings,
    );
}

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

/** Returns a label with the unit and the meaning of special values: `Early-stopping patience (epochs; 0 = off)`. */
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

const listSchema = z.array(z.unknown());

/** Formats the classes of a custom class map: `N (N L R), V (V E)`. */
export function classesText(classes: readonly BeatClass[]): string {
  return classes.map(({ label, symbols }) => `${label} (${[...symbols].join(" ")})`).join(", ");
}

const GENERAL_VALUES: Readonly<Record<string, string>> = { true: "Yes", false: "No", "[]": "all" };

/** Returns the name of a protocol. */
export function protocolName(protocol: Protocol): string {
  return settingValue("preparation.protocol", protocol);
}

/** Returns the name of a class map, for lists and tables. */
export function classMapName(map: ClassMap): string {
  return settingValue("preparation.classMap", typeof map === "string" ? map : "custom");
}

/**
 * Returns the label of a compared setting's value; numbers and names as they are, lists without their brackets, and the
 * number of a network's layers.
 * @param path path as in {@link settingHeading}
 * @param value text, or JSON of anything else; null where a run has no such setting
 */
export function settingValue(path: string, value: string | null): string {
  if (value === null) return "–";
  if (path === "training.network.layers") return counted(listSchema.parse(JSON.parse(value)).length, "layer");
  if (path === "preparation.classMap.classes") {
    return classesText(customClassMapSchema.parse({ classes: JSON.parse(value) as unknown }).classes);
  }
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
