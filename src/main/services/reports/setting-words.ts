/** Settings of a preparation and of a training as sentences for people. */
import type { LabelMap } from "../../../contract/label-maps.ts";
import type { PreparationSettings } from "../../../contract/preparation.ts";
import type { ClippingSettings, OptimizerSettings, ScheduleSettings } from "../../../contract/optimization.ts";
import type { TrainingSettings } from "../../../contract/training.ts";
import { counted, formatInteger } from "../../numbers.ts";
import type { Fact } from "./document.ts";

export function protocolSentence({ protocol, balancing, fractions, fold }: PreparationSettings): string {
  const balanced = balancing === "smote";
  switch (protocol) {
    case "reference":
      return `Reference protocol: ${balanced ? "the classes are balanced with synthetic beats first, and all beats, real and synthetic, are then" : "all beats are"} divided at random within each class into training, validation and test (${shares(fractions)}).`;
    case "split-first":
      return `Split first: the real beats are divided at random within each class into training, validation and test (${shares(fractions)})${balanced ? "; only the training part is then balanced with synthetic beats" : ""}. Validation and test beats are real.`;
    case "patient-folds":
      return `Patient folds: the patients are divided into ${fold?.of ?? "several"} groups, of which number ${fold?.number ?? "one"} is tested here and was never seen in training${balanced ? "; only the training part is balanced with synthetic beats" : ""}. Validation and test beats are real.`;
    case "inter-patient":
      return `Inter-patient: all beats of a patient stand in one part, so that the test patients were never seen in training${balanced ? "; only the training part is balanced with synthetic beats" : ""}. Validation and test beats are real.`;
  }
}

export function preparationFacts(settings: PreparationSettings, rate: number, leads: readonly string[]): Fact[] {
  const { before, after, signal } = settings;
  return [
    ["Signal", `number ${signal + 1} of each record${leads.length > 0 ? ` (${leads.join(", ")})` : ""}`],
    [
      "Beat",
      `${before} samples before the R-peak and ${after} from it on, at ${rate} Hz (${milliseconds(before, rate)} + ${milliseconds(after, rate)})`,
    ],
    ["Classes", classWords(settings.labelMap)],
    ["Denoising", denoisingWords(settings)],
    [
      "Normalisation",
      settings.normalisation === "none" ? "none (mV)" : "each beat to mean 0 and standard deviation 1 (z-score)",
    ],
    ["Smallest class", `${settings.smallestClass} real beats; smaller ones are left out`],
    ["Balancing", balancingWords(settings)],
    ["Split", splitWords(settings)],
    ["Seed (split, synthetic beats)", String(settings.seed)],
  ];
}

export function trainingFacts(settings: TrainingSettings): Fact[] {
  const { epochs, batch, patience, stepsPerEpoch, weighting, precision, threads, parts } = settings;
  return [
    ["Loss", "sparse categorical cross-entropy"],
    ["Optimizer", optimizerWords(settings.optimizer)],
    ["Learning rate", `${settings.learningRate}, ${scheduleWords(settings.schedule)}`],
    ["Gradients", clippingWords(settings.clipping)],
    ["Beats in the loss", weightingWords(weighting)],
    ["Batch", `${formatInteger(batch)} beats`],
    [
      "Epochs",
      `at most ${formatInteger(epochs)}${stepsPerEpoch > 0 ? `, each of ${formatInteger(stepsPerEpoch)} steps` : ", each over the whole training part"}`,
    ],
    ["Early stopping", patience === 0 ? "none" : `after ${patience} epochs without a lower validation loss`],
    ["Weights kept", "those of the epoch with the lowest validation loss"],
    ["Products", precision === "float32" ? "in float32" : `in ${precision}; sums and weights in float32`],
    ["Seed (weights, order, dropout)", String(settings.seed)],
    [
      "Threads",
      `${threads === 0 ? "as measured" : threads} an operation; a batch in ${parts === 0 ? "as many parts as measured" : counted(parts, "part")}`,
    ],
  ];
}

function classWords(map: LabelMap): string {
  if (map === "study") return "annotation symbols as they are (reference study)";
  if (map === "aami") return "the five of ANSI/AAMI EC57";
  return map.classes.map(({ label, symbols }) => `${label} (${[...symbols].join(" ")})`).join(", ");
}

/** `60, 20 and 20 %` */
function shares([train, validation, test]: PreparationSettings["fractions"]): string {
  const percent = (share: number): string => String(Math.round(1000 * share) / 10);
  return `${percent(train)}, ${percent(validation)} and ${percent(test)} %`;
}

function milliseconds(samples: number, rate: number): string {
  return `${Math.round((1000 * samples) / rate)} ms`;
}

function denoisingWords({ denoising, wavelet, levels, threshold }: PreparationSettings): string {
  if (denoising === "none") return "none";
  const what = denoising === "beat" ? "each beat" : "each record before the beats are cut";
  return `${what}: ${wavelet} wavelet, ${levels} levels, ${threshold} universal threshold on the details`;
}

function balancingWords({ balancing, neighbours, majorityCap, protocol }: PreparationSettings): string {
  if (balancing === "none") return "none";
  const where = protocol === "reference" ? "all beats, before the split" : "the training part alone";
  const cap = majorityCap > 0 ? `; the largest class held at ${formatInteger(majorityCap)} beats at most` : "";
  return `SMOTE with ${neighbours} neighbours, on ${where}${cap}`;
}

function splitWords({ protocol, fractions, fold, withoutSharedPatient }: PreparationSettings): string {
  switch (protocol) {
    case "reference":
    case "split-first":
      return `at random within each class, ${shares(fractions)}`;
    case "inter-patient":
      return `by patient${withoutSharedPatient ? "; record 202, of the same patient as 201, left out where they would be apart" : ""}`;
    case "patient-folds":
      return `by patient, fold ${fold?.number ?? "–"} of ${fold?.of ?? "–"} tested`;
  }
}

function optimizerWords(optimizer: OptimizerSettings): string {
  switch (optimizer.kind) {
    case "adam":
      return `Adam (β₁ ${optimizer.beta1}, β₂ ${optimizer.beta2}, ε ${optimizer.epsilon})`;
    case "adamw":
      return `AdamW (β₁ ${optimizer.beta1}, β₂ ${optimizer.beta2}, ε ${optimizer.epsilon}, weight decay ${optimizer.weightDecay})`;
    case "sgd":
      return `SGD (momentum ${optimizer.momentum}${optimizer.nesterov ? ", Nesterov" : ""})`;
    case "rmsprop":
      return `RMSprop (ρ ${optimizer.rho}, momentum ${optimizer.momentum}, ε ${optimizer.epsilon})`;
  }
}

function scheduleWords(schedule: ScheduleSettings): string {
  switch (schedule.kind) {
    case "constant":
      return "constant";
    case "exponential":
      return `multiplied by ${schedule.factor} every ${schedule.everyEpochs === 1 ? "epoch" : `${schedule.everyEpochs} epochs`}`;
    case "cosine":
      return `falling as a cosine to ${schedule.floor} of it${schedule.warmupEpochs > 0 ? ` after ${schedule.warmupEpochs} epochs of rise` : ""}`;
    case "plateau":
      return `multiplied by ${schedule.factor} after ${schedule.patience} epochs without a better validation loss, never below ${schedule.minimum}`;
  }
}

function clippingWords(clipping: ClippingSettings): string {
  switch (clipping.kind) {
    case "none":
      return "as they are";
    case "value":
      return `each entry cut to ±${clipping.limit}`;
    case "norm":
      return `each weight's cut to length ${clipping.limit}`;
    case "global-norm":
      return `all together cut to length ${clipping.limit}`;
  }
}

function weightingWords({ classes, synthetic }: TrainingSettings["weighting"]): string {
  const byClass =
    classes === "equal"
      ? "each counts the same"
      : classes === "balanced"
        ? "each class counts as much as any other"
        : `by class: ${Object.entries(classes)
            .map(([label, weight]) => `${label} ${weight}`)
            .join(", ")}; others 1`;
  return synthetic === 1 ? byClass : `${byClass}; a synthetic beat counts ${synthetic} of a real one`;
}

/** What the rows of a comparison are called. A setting that is not here is shown by the name of its place. */
const settingNames: Readonly<Record<string, string>> = {
  dataset: "Dataset",
  "preparation.protocol": "Protocol",
  "preparation.labelMap": "Classes",
  "preparation.signal": "Signal (from 0)",
  "preparation.before": "Samples before the R-peak",
  "preparation.after": "Samples from the R-peak on",
  "preparation.denoising": "Denoising",
  "preparation.wavelet": "Wavelet",
  "preparation.levels": "Wavelet levels",
  "preparation.threshold": "Threshold",
  "preparation.normalisation": "Normalisation",
  "preparation.smallestClass": "Smallest class (beats)",
  "preparation.balancing": "Balancing",
  "preparation.neighbours": "SMOTE neighbours",
  "preparation.majorityCap": "Largest class held at (beats)",
  "preparation.fractions": "Training, validation, test",
  "preparation.records": "Records chosen",
  "preparation.withoutSharedPatient": "Without the patient on both sides",
  "preparation.labelMap.classes": "Classes",
  "preparation.fold.number": "Fold tested",
  "preparation.fold.of": "Folds",
  "preparation.seed": "Seed of the preparation",
  "training.network.name": "Network",
  "training.network.layers": "Layers",
  "training.epochs": "Epochs at most",
  "training.batch": "Batch (beats)",
  "training.learningRate": "Learning rate",
  "training.optimizer.kind": "Optimizer",
  "training.optimizer.beta1": "Optimizer: β₁",
  "training.optimizer.beta2": "Optimizer: β₂",
  "training.optimizer.epsilon": "Optimizer: ε",
  "training.optimizer.rho": "Optimizer: ρ",
  "training.optimizer.momentum": "Optimizer: momentum",
  "training.optimizer.nesterov": "Optimizer: Nesterov's momentum",
  "training.optimizer.weightDecay": "Optimizer: weight decay",
  "training.schedule.kind": "Learning rate schedule",
  "training.schedule.factor": "Schedule: factor",
  "training.schedule.everyEpochs": "Schedule: every so many epochs",
  "training.schedule.warmupEpochs": "Schedule: epochs of rise",
  "training.schedule.floor": "Schedule: ends at (of the rate)",
  "training.schedule.patience": "Schedule: patience (epochs)",
  "training.schedule.minimum": "Schedule: never below",
  "training.clipping.kind": "Clipping of gradients",
  "training.clipping.limit": "Clipping: limit",
  "training.weighting.classes": "Weighting of classes",
  "training.weighting.synthetic": "Weight of a synthetic beat",
  "training.patience": "Early stopping after (epochs; 0: never)",
  "training.stepsPerEpoch": "Steps an epoch (0: all)",
  "training.seed": "Seed of the training",
  "training.threads": "Threads",
  "training.parts": "Parts of a batch",
  "training.convolutions": "Convolutions by",
  "training.importedFrom": "Trained elsewhere; read from",
  "training.precision": "Products in",
};

export function settingName(name: string): string {
  return settingNames[name] ?? name.replace(/^(preparation|training)\./, "");
}

const values: Readonly<Record<string, string>> = { true: "yes", false: "no", "[]": "all" };

/** A value as setting-rows.ts writes it, in words. */
export function settingValue(value: string | null): string {
  if (value === null) return "–";
  return (
    values[value] ??
    value
      .replace(/^\[(.*)\]$/, "$1")
      .replaceAll(/,(?=\S)/g, ", ")
      .replaceAll('"', "")
  );
}
