/** Texts for the settings of a preparation and of a training, as reports print them. */
import type { ClassMap } from "../../../contract/domain/class-maps.ts";
import type { PreparationSettings } from "../../../contract/domain/preparation.ts";
import type { ClippingSettings, OptimizerSettings, ScheduleSettings } from "../../../contract/domain/optimization.ts";
import type { TrainingSettings } from "../../../contract/domain/training.ts";
import { formatInteger } from "../../../contract/text/format-number.ts";
import type { Fact } from "./document.ts";

export function protocolSentence({ protocol, balancing, fractions, fold }: PreparationSettings): string {
  const balanced = balancing === "smote";
  switch (protocol) {
    case "reference":
      return `Reference study protocol: ${balanced ? "classes are balanced with synthetic beats first; all beats, real and synthetic, are then" : "all beats are"} split at random within each class into training, validation and test set (${shares(fractions)}).`;
    case "intra-patient":
      return `Intra-patient split: real beats are split at random within each class into training, validation and test set (${shares(fractions)})${balanced ? "; only the training set is then balanced with synthetic beats" : ""}. Validation and test beats are real.`;
    case "cross-validation":
      return `Patient-wise cross-validation: patients are divided into ${fold?.of ?? "several"} folds; fold ${fold?.number ?? "one"} is tested here and was not used in training${balanced ? "; only the training set is balanced with synthetic beats" : ""}. Validation and test beats are real.`;
    case "inter-patient":
      return `Inter-patient split: all beats of a patient are in one set, so no test patient was used in training${balanced ? "; only the training set is balanced with synthetic beats" : ""}. Validation and test beats are real.`;
  }
}

export function preparationFacts(settings: PreparationSettings, rate: number, leads: readonly string[]): Fact[] {
  const { before, after, signal } = settings;
  return [
    ["Lead", `number ${signal + 1} of each recording${leads.length > 0 ? ` (${leads.join(", ")})` : ""}`],
    [
      "Window",
      `${before} samples before and ${after} after the R-peak, at ${rate} Hz (${milliseconds(before, rate)} + ${milliseconds(after, rate)})`,
    ],
    ["Classes", classText(settings.classMap)],
    ["Denoising", denoisingText(settings)],
    [
      "Normalisation",
      settings.normalisation === "none" ? "none (mV)" : "z-score of each beat (mean 0, standard deviation 1)",
    ],
    ["Minimum beats per class", `${settings.smallestClass} real beats; smaller classes are excluded`],
    ["Balancing", balancingText(settings)],
    ["Split", splitText(settings)],
    ["Seed (split, synthetic beats)", String(settings.seed)],
  ];
}

export function trainingFacts(settings: TrainingSettings): Fact[] {
  const { epochs, batch, patience, stepsPerEpoch, weighting, precision, threads, microBatches } = settings;
  return [
    ["Loss", "sparse categorical cross-entropy"],
    ["Optimizer", optimizerText(settings.optimizer)],
    ["Learning rate", `${settings.learningRate}, ${scheduleText(settings.schedule)}`],
    ["Gradient clipping", clippingText(settings.clipping)],
    ["Class weights", weightingText(weighting)],
    ["Batch size", `${formatInteger(batch)} beats`],
    [
      "Max. epochs",
      `${formatInteger(epochs)}, ${stepsPerEpoch > 0 ? `of ${formatInteger(stepsPerEpoch)} steps each` : "each a full pass over the training set"}`,
    ],
    ["Early-stopping patience", patience === 0 ? "off" : `${patience} epochs without a lower validation loss`],
    ["Weights", "of the best epoch (lowest validation loss)"],
    ["Precision", precision === "float32" ? "float32" : `${precision} products; sums and weights in float32`],
    ["Seed (weights, order, dropout)", String(settings.seed)],
    [
      "Threads",
      `${threads === 0 ? "auto" : threads} intra-op; ${microBatches === 0 ? "auto" : microBatches} micro-batch${microBatches === 1 ? "" : "es"}`,
    ],
  ];
}

function classText(map: ClassMap): string {
  if (map === "mit-bih") return "MIT-BIH annotation symbols (reference study)";
  if (map === "aami") return "AAMI classes (ANSI/AAMI EC57)";
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

function denoisingText({ denoising, wavelet, levels, threshold }: PreparationSettings): string {
  if (denoising === "none") return "none";
  const what = denoising === "beat" ? "each beat" : "each recording, before beats are cut";
  return `${what}: ${wavelet} wavelet, ${levels} levels, ${threshold} universal threshold on the detail coefficients`;
}

function balancingText({ balancing, neighbours, majorityCap, protocol }: PreparationSettings): string {
  if (balancing === "none") return "none";
  const where = protocol === "reference" ? "all beats, before the split" : "the training set alone";
  const cap = majorityCap > 0 ? `; majority class capped at ${formatInteger(majorityCap)} beats` : "";
  return `SMOTE (k = ${neighbours}) on ${where}${cap}`;
}

function splitText({ protocol, fractions, fold, withoutSharedPatient }: PreparationSettings): string {
  switch (protocol) {
    case "reference":
    case "intra-patient":
      return `at random within each class, ${shares(fractions)}`;
    case "inter-patient":
      return `by patient${withoutSharedPatient ? "; recording 202 is excluded where it and 201, of the same patient, would be in different sets" : ""}`;
    case "cross-validation":
      return `by patient; fold ${fold?.number ?? "–"} of ${fold?.of ?? "–"} is tested`;
  }
}

function optimizerText(optimizer: OptimizerSettings): string {
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

function scheduleText(schedule: ScheduleSettings): string {
  switch (schedule.kind) {
    case "constant":
      return "constant";
    case "exponential":
      return `exponential: times ${schedule.factor} every ${schedule.everyEpochs === 1 ? "epoch" : `${schedule.everyEpochs} epochs`}`;
    case "cosine":
      return `cosine to ${schedule.floor} of the initial rate${schedule.warmupEpochs > 0 ? ` after ${schedule.warmupEpochs} warm-up epochs` : ""}`;
    case "plateau":
      return `reduced on plateau: times ${schedule.factor} after ${schedule.patience} epochs without a lower validation loss, at least ${schedule.minimum}`;
  }
}

function clippingText(clipping: ClippingSettings): string {
  switch (clipping.kind) {
    case "none":
      return "none";
    case "value":
      return `by value, ±${clipping.limit}`;
    case "norm":
      return `by norm, ${clipping.limit} for each weight`;
    case "global-norm":
      return `by global norm, ${clipping.limit}`;
  }
}

function weightingText({ classes, synthetic }: TrainingSettings["weighting"]): string {
  const byClass =
    classes === "equal"
      ? "none"
      : classes === "balanced"
        ? "balanced"
        : `${Object.entries(classes)
            .map(([label, weight]) => `${label} ${weight}`)
            .join(", ")}; others 1`;
  return synthetic === 1 ? byClass : `${byClass}; synthetic sample weight ${synthetic}`;
}
