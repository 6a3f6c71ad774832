/** Settings of a run and of its preparation, as names and values for the run's page. */
import { networkOf } from "../../../contract/settings/network-presets.ts";
import {
  preparationSettingTable,
  settingValue,
  trainingSettingTable,
  type PreparationSettingKey,
  type TrainingSettingKey,
} from "../../../contract/settings/setting-table.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import type { TrainingSettings } from "../../../contract/domain/training.ts";
import { counted, formatInteger } from "../../base/format.ts";

export interface NamedValue {
  name: string;
  value: string;
}

const unlessNull = (name: string, value: string | null): NamedValue[] => (value === null ? [] : [{ name, value }]);
const trainingValue = (key: TrainingSettingKey, value: string): NamedValue => ({
  name: trainingSettingTable[key].label,
  value,
});
const preparationValue = (key: PreparationSettingKey, value: string): NamedValue => ({
  name: preparationSettingTable[key].label,
  value,
});
const trainingUnless = (isDefault: boolean, key: TrainingSettingKey, value: string): NamedValue[] =>
  isDefault ? [] : [trainingValue(key, value)];

/** Returns the training settings, device and versions. Settings without an effect are left out. */
export function trainingValues({ run: { settings, device, result } }: RunDetails): NamedValue[] {
  const { spec, optimizer, clipping, weighting } = { spec: networkOf(settings.network), ...settings };
  return [
    trainingValue("network", `${spec.name}, ${counted(spec.layers.length, "layer")}`),
    ...unlessNull("Parameters", result && formatInteger(result.parameters.trainable)),
    trainingValue("epochs", formatInteger(settings.epochs)),
    trainingValue("patience", settings.patience > 0 ? counted(settings.patience, "epoch") : "off"),
    trainingValue("batch", counted(settings.batch, "beat")),
    ...trainingUnless(settings.stepsPerEpoch === 0, "stepsPerEpoch", formatInteger(settings.stepsPerEpoch)),
    trainingValue("optimizer.kind", settingValue("training.optimizer.kind", optimizer.kind)),
    trainingValue("learningRate", String(settings.learningRate)),
    trainingValue("schedule.kind", scheduleText(settings)),
    ...trainingUnless(clipping.kind === "none", "clipping.kind", clippingText(clipping)),
    ...trainingUnless(weighting.classes === "equal", "weighting.classes", classWeightsText(weighting.classes)),
    ...trainingUnless(weighting.synthetic === 1, "weighting.synthetic", String(weighting.synthetic)),
    trainingValue("seed", String(settings.seed)),
    trainingValue("precision", settingValue("training.precision", settings.precision)),
    ...trainingUnless(settings.threads === 0, "threads", String(settings.threads)),
    ...trainingUnless(settings.microBatches <= 1, "microBatches", String(settings.microBatches)),
    ...unlessNull("Device", device && (device.gpu?.name ?? `${device.description}, ${counted(device.cores, "core")}`)),
    ...unlessNull("GPU not used", device?.withoutGpu ?? null),
    ...unlessNull("cuDNN not used", device?.withoutCudnn ?? null),
    ...unlessNull(
      "Peak memory",
      device?.peakMemory === undefined ? null : `${formatInteger(device.peakMemory / 1e6)} MB`,
    ),
    ...unlessNull(
      "Versions",
      device &&
        `Ectopy ${device.versions.ectopy}, TensorFlow ${device.versions.tensorflow}, Node ${device.versions.node}`,
    ),
  ];
}

export function preparationValues({ preparation, dataset }: RunDetails): NamedValue[] {
  const { settings, summary } = preparation;
  const { train, validation, test } = summary.totals;
  return [
    { name: "Dataset", value: dataset.name },
    preparationValue("protocol", settingValue("preparation.protocol", settings.protocol)),
    {
      name: "Beats",
      value: `${formatInteger(train)} training, ${formatInteger(validation)} validation, ${formatInteger(test)} test`,
    },
    preparationValue("classMap.classes", summary.labels.join(" ")),
    { name: "Window", value: `${settings.before} samples before the R-peak, ${settings.after} from the R-peak` },
    preparationValue("denoising", denoisingText(settings)),
    preparationValue("normalisation", settingValue("preparation.normalisation", settings.normalisation)),
    preparationValue(
      "balancing",
      `${settingValue("preparation.balancing", settings.balancing)}${settings.balancing === "smote" ? `, k = ${settings.neighbours}` : ""}`,
    ),
    preparationValue("seed", String(settings.seed)),
    { name: "Fingerprint", value: preparation.fingerprint.slice(0, 16) },
  ];
}

function scheduleText({ schedule }: TrainingSettings): string {
  const name = settingValue("training.schedule.kind", schedule.kind);
  switch (schedule.kind) {
    case "constant":
      return name;
    case "exponential":
      return `${name}, × ${schedule.factor} every ${counted(schedule.everyEpochs, "epoch")}`;
    case "cosine":
      return schedule.warmupEpochs > 0 ? `${name}, ${counted(schedule.warmupEpochs, "epoch")} of warm-up` : name;
    case "plateau":
      return `${name}, × ${schedule.factor} after ${counted(schedule.patience, "epoch")} without a lower validation loss`;
  }
}

function clippingText(clipping: TrainingSettings["clipping"]): string {
  const name = settingValue("training.clipping.kind", clipping.kind);
  return clipping.kind === "none" ? name : `${name}, limit ${clipping.limit}`;
}

function classWeightsText(classes: TrainingSettings["weighting"]["classes"]): string {
  if (typeof classes === "string") return settingValue("training.weighting.classes", classes);
  return Object.entries(classes)
    .map(([label, weight]) => `${label} ${weight}`)
    .join(", ");
}

function denoisingText(settings: RunDetails["preparation"]["settings"]): string {
  const name = settingValue("preparation.denoising", settings.denoising);
  return settings.denoising === "none"
    ? name
    : `${name}: ${settings.wavelet}, ${settings.levels} levels, ${settings.threshold} thresholding`;
}
