/** Settings of a preparation and of a training as lists of labels and values, for pages and reports. */
import { escapeBeatsText, type ClassMap } from "../domain/class-maps.ts";
import { windowOf, type PreparationSettings } from "../domain/preparation.ts";
import { patientPartText } from "../domain/patient-choice.ts";
import { featureNames, type InputRecipe } from "../domain/recipe.ts";
import type { TrainingSettings } from "../domain/training.ts";
import { membersText } from "../text/ensemble-text.ts";
import { counted, formatInteger } from "../text/format-number.ts";
import {
  classesText,
  preparationSettingTable,
  settingValue,
  trainingSettingTable,
  type PreparationSettingKey,
  type TrainingSettingKey,
} from "./setting-table.ts";

/** A setting with its value as text. */
export interface SettingFact {
  label: string;
  value: string;
  /** Whether the setting has no effect, such as a clipping of kind “none”. */
  isOff: boolean;
}

/** What is known of the recordings that a preparation uses. */
export interface RecordingFacts {
  /** Sampling rate in Hz, for preparations of earlier versions, which do not name theirs. */
  rate?: number | undefined;
  /** Names of the chosen leads: more than one where recordings differ. */
  leads?: readonly string[];
}

/** Returns every setting of a preparation; with a sampling rate, the window is in milliseconds and in samples. */
export function preparationFacts(settings: PreparationSettings, recordings: RecordingFacts = {}): SettingFact[] {
  const { protocol, smallestClass, balancing, neighbours, majorityCap, records, rowSamples } = settings;
  const isRaw = settings.normalisation === "none";
  const { before, after } = windowTexts(settings, settings.rate ?? recordings.rate);
  const label = (key: PreparationSettingKey, value: string, isOff = false): SettingFact => ({
    label: preparationSettingTable[key].label,
    value,
    isOff,
  });
  return [
    label("protocol", settingValue("preparation.protocol", protocol)),
    label("classMap", classMapText(settings.classMap)),
    ...(rowSamples === undefined
      ? [
          label("leads", leadsText(settings, recordings.leads ?? [])),
          ...(settings.recipe === undefined ? [] : [label("recipe", recipeText(settings.recipe))]),
          label("beforeMs", before),
          label("afterMs", after),
          ...(settings.rate === undefined ? [] : [label("rate", `${settings.rate} Hz`)]),
        ]
      : [
          label("rowSamples", formatInteger(rowSamples)),
          label("rate", settings.rate === undefined ? "unknown" : `${settings.rate} Hz`),
        ]),
    label("denoising", denoisingText(settings), settings.denoising === "none"),
    label(
      "normalisation",
      // The unit of a table is unknown.
      isRaw && rowSamples !== undefined ? "None" : settingValue("preparation.normalisation", settings.normalisation),
      isRaw,
    ),
    label("smallestClass", counted(smallestClass, "real beat")),
    ...(balancing === "none"
      ? [label("balancing", settingValue("preparation.balancing", balancing), true)]
      : [
          label(
            "balancing",
            `SMOTE on ${protocol === "reference" ? "all beats, before the split" : "the training set"}`,
          ),
          label("neighbours", String(neighbours)),
          label("majorityCap", majorityCap > 0 ? counted(majorityCap, "beat") : "none", majorityCap === 0),
        ]),
    label("fractions", splitText(settings)),
    ...labelFacts(settings),
    {
      label: rowSamples === undefined ? preparationSettingTable.records.label : "Tables",
      value: records.length === 0 ? "all" : records.join(", "),
      isOff: records.length === 0,
    },
    label("seed", String(settings.seed)),
  ];
}

/** Returns every setting of a training, without its network. */
export function trainingFacts(settings: TrainingSettings): SettingFact[] {
  const { importedFrom, members } = settings;
  if (members !== undefined) {
    return [{ label: "Ensemble", value: `mean of the probabilities of ${membersText(members)}`, isOff: false }];
  }
  // Its file says nothing of its training: the stored settings are defaults, and mean nothing.
  if (importedFrom !== undefined) {
    return [{ label: "Training", value: `trained elsewhere, read from ${importedFrom}`, isOff: false }];
  }
  const { clipping, weighting, optimizer, stepsPerEpoch, threads, microBatches = 1, precision, patience } = settings;
  const { sampling, loss, keptEpoch } = settings;
  const label = (key: TrainingSettingKey, value: string, isOff = false): SettingFact => ({
    label: trainingSettingTable[key].label,
    value,
    isOff,
  });
  return [
    ...(settings.fineTunes === undefined ? [] : [label("fineTunes", `${settings.fineTunes}, all layers are trained`)]),
    label("epochs", formatInteger(settings.epochs)),
    label("patience", patience > 0 ? counted(patience, "epoch") : "off"),
    ...(keptEpoch === undefined
      ? []
      : [label("keptEpoch", settingValue("training.keptEpoch", keptEpoch).toLowerCase())]),
    label("batch", counted(settings.batch, "beat")),
    label("stepsPerEpoch", stepsPerEpoch > 0 ? formatInteger(stepsPerEpoch) : "full pass", stepsPerEpoch === 0),
    label("optimizer.kind", optimizerText(optimizer)),
    label("learningRate", String(settings.learningRate)),
    label("schedule.kind", scheduleText(settings.schedule)),
    label("clipping.kind", clippingText(clipping), clipping.kind === "none"),
    label("weighting.classes", classWeightsText(weighting.classes), weighting.classes === "equal"),
    label("weighting.synthetic", String(weighting.synthetic), weighting.synthetic === 1),
    ...(sampling === undefined ? [] : [label("sampling", settingValue("training.sampling", sampling))]),
    ...(loss === undefined
      ? []
      : (["labelSmoothing", "focus", "logitAdjustment"] as const).map((key) =>
          label(`loss.${key}`, String(loss[key]), loss[key] === 0),
        )),
    label("seed", String(settings.seed)),
    label("precision", settingValue("training.precision", precision)),
    label("threads", threads > 0 ? String(threads) : "auto", threads === 0),
    ...(microBatches > 1 ? [label("microBatches", String(microBatches))] : []),
  ];
}

/** Returns which annotation sets give the labels; none: those that the recordings were imported with. */
function labelFacts({ annotations }: PreparationSettings): SettingFact[] {
  if (annotations === undefined) return [];
  const { sets, reviewedOnly } = annotations;
  const value = `${sets.join(", else ")}${reviewedOnly ? "; reviewed beats alone" : ""}`;
  return [{ label: preparationSettingTable["annotations.sets"].label, value, isOff: false }];
}

/** Formats the leads: `MLII, else V5`, `1 (MLII, V5)` by position. */
function leadsText({ signal, leads = [] }: PreparationSettings, given: readonly string[]): string {
  const names = given.length > 0 ? ` (${given.join(", ")})` : "";
  if (signal !== undefined) return `${signal + 1}${names}`;
  return leads.length === 0 ? `auto${names}` : leads.join(", else ");
}

/** Formats an input recipe: `Rhythm and shape (71 features), 2 leads, beat; with synthetic recordings; version 1`. */
function recipeText(recipe: InputRecipe): string {
  const { variant, leads, channels, synthetic, version } = recipe;
  return [
    `${settingValue("preparation.recipe", variant)} (${counted(featureNames(recipe).length, "feature")}), ${counted(leads, "lead")}, ` +
      settingValue("preparation.recipe.channels", channels.join(",")).toLowerCase(),
    `with${synthetic ? "" : "out"} synthetic recordings`,
    `version ${version}`,
  ].join("; ");
}

/** Formats both parts of the window: `500 ms (180 samples at 360 Hz)`. */
function windowTexts(settings: PreparationSettings, rate: number | undefined): { before: string; after: string } {
  const { beforeMs, afterMs } = settings;
  if (beforeMs === undefined || afterMs === undefined) {
    const { before, after } = windowOf(settings);
    const text = (samples: number): string =>
      counted(samples, "sample") +
      (rate === undefined ? "" : ` (${Math.round((1000 * samples) / rate)} ms at ${rate} Hz)`);
    return { before: text(before), after: text(after) };
  }
  if (rate === undefined) return { before: `${beforeMs} ms`, after: `${afterMs} ms` };
  const { before, after } = windowOf(settings, rate);
  const text = (milliseconds: number, samples: number): string =>
    `${milliseconds} ms (${counted(samples, "sample")} at ${rate} Hz)`;
  return { before: text(beforeMs, before), after: text(afterMs, after) };
}

function classMapText(map: ClassMap): string {
  const escapeBeats = escapeBeatsText(map);
  if (typeof map === "string") {
    return `${settingValue("preparation.classMap", map)}${escapeBeats === null ? "" : ` (${escapeBeats})`}`;
  }
  return classesText(map.classes);
}

function denoisingText({ denoising, wavelet, levels, threshold }: PreparationSettings): string {
  const scope = settingValue("preparation.denoising", denoising);
  return denoising === "none" ? scope : `${scope}: ${wavelet}, ${levels} levels, ${threshold} universal threshold`;
}

function splitText({
  protocol,
  fractions,
  fold,
  assigned,
  testTables,
  testDataset,
  ...settings
}: PreparationSettings): string {
  switch (protocol) {
    case "reference":
    case "intra-patient":
      return `${sharesText(fractions)}, at random within each class`;
    case "inter-patient":
      if (settings.withoutBothShared === true) return "by patient; recordings 201 and 202 are excluded";
      return `by patient${settings.withoutSharedPatient ? "; recording 202 is excluded where it and 201, of the same patient, would be in different sets" : ""}`;
    case "custom-split":
      return (
        `by patient, as assigned; test: ${assigned?.test.join(", ") ?? "–"}; ` +
        `validation: ${assigned === undefined || assigned.validation.length === 0 ? "from the training patients" : assigned.validation.join(", ")}`
      );
    case "cross-validation":
      return `by patient; fold ${fold?.number ?? "–"} of ${fold?.of ?? "–"} is tested`;
    case "patient-specific":
      return patientText(settings);
    case "external-test":
      return `dataset ${testDataset?.id ?? "–"} is tested; the others ${trainingSharesText(fractions)}, by patient`;
    case "given-test-set":
      return `${testTables?.join(", ") ?? "–"} is tested; the other tables ${trainingSharesText(fractions)} at random within each class`;
  }
}

/** Formats the parts of a patient-specific preparation: `first 5 min of recording 208; the rest is tested`. */
function patientText({ patient, records }: Pick<PreparationSettings, "patient" | "records">): string {
  if (patient === undefined) return "–";
  const tested = patient.minutes === null ? "every fifth of them is tested" : "the rest is tested";
  const others = patient.replay === 0 ? "none" : `up to ${patient.replay} of each class`;
  return `${patientPartText(patient, records.join(", "))}; ${tested}; run ${patient.run}'s training beats: ${others}`;
}

/** Formats the shares of training and validation set without the test set: `75 / 25 %`. */
function trainingSharesText([train, validation]: PreparationSettings["fractions"]): string {
  const shares = [train, validation].map((share) => String(Math.round((1000 * share) / (train + validation)) / 10));
  return `${shares.join(" / ")} %`;
}

/** Formats the shares of the three sets: `60 / 20 / 20 %`. */
export function sharesText(fractions: PreparationSettings["fractions"]): string {
  return `${fractions.map((share) => String(Math.round(1000 * share) / 10)).join(" / ")} %`;
}

function optimizerText(optimizer: TrainingSettings["optimizer"]): string {
  const name = settingValue("training.optimizer.kind", optimizer.kind);
  switch (optimizer.kind) {
    case "adam":
      return `${name} (β₁ ${optimizer.beta1}, β₂ ${optimizer.beta2}, ε ${optimizer.epsilon})`;
    case "adamw":
      return `${name} (β₁ ${optimizer.beta1}, β₂ ${optimizer.beta2}, ε ${optimizer.epsilon}, weight decay ${optimizer.weightDecay})`;
    case "sgd":
      return `${name} (momentum ${optimizer.momentum}${optimizer.nesterov ? ", Nesterov" : ""})`;
    case "rmsprop":
      return `${name} (ρ ${optimizer.rho}, momentum ${optimizer.momentum}, ε ${optimizer.epsilon})`;
  }
}

function scheduleText(schedule: TrainingSettings["schedule"]): string {
  const name = settingValue("training.schedule.kind", schedule.kind);
  switch (schedule.kind) {
    case "constant":
      return name;
    case "exponential":
      return `${name}: × ${schedule.factor} every ${epochsText(schedule.everyEpochs)}`;
    case "cosine":
      return `${name} to ${schedule.floor} of the initial rate${schedule.warmupEpochs > 0 ? `, after ${epochsText(schedule.warmupEpochs)} of warm-up` : ""}`;
    case "one-cycle":
      return `${name}: from ${schedule.start} of the rate up over ${Math.round(100 * schedule.rising)} % of the steps, down to ${schedule.floor}`;
    case "plateau":
      return `${name}: × ${schedule.factor} after ${counted(schedule.patience, "epoch")} without a lower validation loss, at least ${schedule.minimum}`;
  }
}

/** Formats epochs, which may be a fraction: `0.5 epochs`. */
function epochsText(epochs: number): string {
  return `${epochs} epoch${epochs === 1 ? "" : "s"}`;
}

function clippingText(clipping: TrainingSettings["clipping"]): string {
  const name = settingValue("training.clipping.kind", clipping.kind);
  return clipping.kind === "none" ? name : `${name}, limit ${clipping.limit}`;
}

function classWeightsText(classes: TrainingSettings["weighting"]["classes"]): string {
  if (typeof classes === "string") return settingValue("training.weighting.classes", classes);
  const weights = Object.entries(classes).map(([label, weight]) => `${label} ${weight}`);
  return `${weights.join(", ")}; others 1`;
}
