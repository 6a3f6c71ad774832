/** Settings of a preparation and of a training as sentences for people. */
import type { ClassMap } from "../../../contract/domain/class-maps.ts";
import type { PreparationSettings } from "../../../contract/domain/preparation.ts";
import type { ClippingSettings, OptimizerSettings, ScheduleSettings } from "../../../contract/domain/optimization.ts";
import type { TrainingSettings } from "../../../contract/domain/training.ts";
import { formatInteger } from "../../base/numbers.ts";
import type { Fact } from "./document.ts";

export function protocolSentence({ protocol, balancing, fractions, fold }: PreparationSettings): string {
  const balanced = balancing === "smote";
  switch (protocol) {
    case "reference":
      return `Reference protocol: ${balanced ? "the classes are balanced with synthetic beats first, and all beats, real and synthetic, are then" : "all beats are"} divided at random within each class into training, validation and test (${shares(fractions)}).`;
    case "intra-patient":
      return `Split first: the real beats are divided at random within each class into training, validation and test (${shares(fractions)})${balanced ? "; only the training part is then balanced with synthetic beats" : ""}. Validation and test beats are real.`;
    case "cross-validation":
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
    ["Classes", classWords(settings.classMap)],
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
  const { epochs, batch, patience, stepsPerEpoch, weighting, precision, threads, microBatches } = settings;
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
      `${threads === 0 ? "auto" : threads} intra-op; ${microBatches === 0 ? "auto" : microBatches} micro-batch${microBatches === 1 ? "" : "es"}`,
    ],
  ];
}

function classWords(map: ClassMap): string {
  if (map === "mit-bih") return "annotation symbols as they are (reference study)";
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
    case "intra-patient":
      return `at random within each class, ${shares(fractions)}`;
    case "inter-patient":
      return `by patient${withoutSharedPatient ? "; record 202, of the same patient as 201, left out where they would be apart" : ""}`;
    case "cross-validation":
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
