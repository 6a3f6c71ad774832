/** Settings of a run and of its preparation, as names and values for the run's page. */
import { networkOf } from "../../../contract/settings/network-presets.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import type { TrainingSettings } from "../../../contract/domain/training.ts";
import { counted, formatInteger } from "../../base/format.ts";

export interface NamedValue {
  name: string;
  value: string;
}

const unlessNull = (name: string, value: string | null): NamedValue[] => (value === null ? [] : [{ name, value }]);

/** Returns the training settings, device and versions. Settings without an effect are left out. */
export function trainingValues({ run: { settings, device, result } }: RunDetails): NamedValue[] {
  const { spec, optimizer, clipping, weighting } = { spec: networkOf(settings.network), ...settings };
  return [
    { name: "Network", value: `${spec.name}, ${counted(spec.layers.length, "layer")}` },
    ...unlessNull("Parameters", result && formatInteger(result.parameters.trainable)),
    { name: "Max. epochs", value: formatInteger(settings.epochs) },
    {
      name: "Early-stopping patience",
      value: settings.patience > 0 ? counted(settings.patience, "epoch") : "off",
    },
    { name: "Batch size", value: counted(settings.batch, "beat") },
    ...unlessNull("Steps per epoch", settings.stepsPerEpoch > 0 ? formatInteger(settings.stepsPerEpoch) : null),
    { name: "Optimizer", value: optimizer.kind },
    { name: "Learning rate", value: String(settings.learningRate) },
    { name: "Learning-rate schedule", value: scheduleText(settings) },
    ...unlessNull("Gradient clipping", clippingText(clipping)),
    ...unlessNull("Class weights", classWeightsText(weighting.classes)),
    ...unlessNull("Synthetic sample weight", weighting.synthetic === 1 ? null : String(weighting.synthetic)),
    { name: "Seed", value: String(settings.seed) },
    { name: "Precision", value: settings.precision },
    ...unlessNull("Intra-op threads", settings.threads > 0 ? String(settings.threads) : null),
    ...unlessNull("Micro-batches", settings.microBatches > 1 ? String(settings.microBatches) : null),
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
    { name: "Protocol", value: settings.protocol },
    {
      name: "Beats",
      value: `${formatInteger(train)} training, ${formatInteger(validation)} validation, ${formatInteger(test)} test`,
    },
    { name: "Classes", value: summary.labels.join(" ") },
    { name: "Window", value: `${settings.before} samples before the R-peak, ${settings.after} from the R-peak` },
    {
      name: "Denoising",
      value:
        settings.denoising === "none"
          ? "none"
          : `${settings.wavelet}, ${settings.levels} levels, ${settings.threshold} threshold, by ${settings.denoising}`,
    },
    { name: "Normalisation", value: settings.normalisation },
    {
      name: "Balancing",
      value: settings.balancing === "none" ? "none" : `SMOTE, k = ${settings.neighbours}`,
    },
    { name: "Seed of the split", value: String(settings.seed) },
    { name: "Fingerprint", value: preparation.fingerprint.slice(0, 16) },
  ];
}

function scheduleText({ schedule }: TrainingSettings): string {
  switch (schedule.kind) {
    case "constant":
      return "constant";
    case "exponential":
      return `exponential decay, × ${schedule.factor} every ${counted(schedule.everyEpochs, "epoch")}`;
    case "cosine":
      return `cosine decay${schedule.warmupEpochs > 0 ? ` after ${counted(schedule.warmupEpochs, "epoch")} of warm-up` : ""}`;
    case "plateau":
      return `reduce on plateau, × ${schedule.factor} after ${counted(schedule.patience, "epoch")} without a lower validation loss`;
  }
}

const clippingNames = { value: "by value", norm: "by norm", "global-norm": "by global norm" } as const;

function clippingText(clipping: TrainingSettings["clipping"]): string | null {
  return clipping.kind === "none" ? null : `${clippingNames[clipping.kind]}, ${clipping.limit}`;
}

function classWeightsText(classes: TrainingSettings["weighting"]["classes"]): string | null {
  if (classes === "equal") return null;
  if (classes === "balanced") return "balanced";
  return Object.entries(classes)
    .map(([label, weight]) => `${label} ${weight}`)
    .join(", ");
}
