/** What a run was made with, as names and values in words. */
import { networkOf } from "../../../contract/settings/network-presets.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import type { TrainingSettings } from "../../../contract/domain/training.ts";
import { counted, formatInteger } from "../../base/format.ts";

export interface NamedValue {
  name: string;
  value: string;
}

const only = (name: string, value: string | null): NamedValue[] => (value === null ? [] : [{ name, value }]);

export function trainingWords({ run: { settings, device, result } }: RunDetails): NamedValue[] {
  const { spec, optimizer, clipping, weighting } = { spec: networkOf(settings.network), ...settings };
  return [
    { name: "Network", value: `${spec.name}, ${counted(spec.layers.length, "layer")}` },
    ...only("Parameters", result && formatInteger(result.parameters.trainable)),
    { name: "Epochs", value: `at most ${formatInteger(settings.epochs)}` },
    ...only(
      "Stops early",
      settings.patience > 0 ? `after ${counted(settings.patience, "epoch")} without a lower validation loss` : "no",
    ),
    { name: "Batch", value: counted(settings.batch, "beat") },
    ...only("Steps an epoch", settings.stepsPerEpoch > 0 ? formatInteger(settings.stepsPerEpoch) : null),
    { name: "Optimizer", value: optimizer.kind },
    { name: "Learning rate", value: `${settings.learningRate}, ${scheduleWords(settings)}` },
    ...only("Clipping", clipping.kind === "none" ? null : `by ${clipping.kind}, ${clipping.limit}`),
    ...only("Class weights", weightWords(weighting.classes)),
    ...only("Weight of a synthetic beat", weighting.synthetic === 1 ? null : String(weighting.synthetic)),
    { name: "Seed", value: String(settings.seed) },
    { name: "Precision", value: settings.precision },
    ...only("Threads", settings.threads > 0 ? String(settings.threads) : null),
    ...only("Micro-batches", settings.microBatches > 1 ? String(settings.microBatches) : null),
    ...only("Device", device && (device.gpu?.name ?? `${device.description}, ${counted(device.cores, "core")}`)),
    ...only("Why no GPU", device?.withoutGpu ?? null),
    ...only("Why no cuDNN", device?.withoutCudnn ?? null),
    ...only(
      "Memory, at most",
      device?.peakMemory === undefined ? null : `${formatInteger(device.peakMemory / 1e6)} MB`,
    ),
    ...only(
      "Versions",
      device &&
        `Ectopy ${device.versions.ectopy}, TensorFlow ${device.versions.tensorflow}, Node ${device.versions.node}`,
    ),
  ];
}

export function preparationWords({ preparation, dataset }: RunDetails): NamedValue[] {
  const { settings, summary } = preparation;
  const { train, validation, test } = summary.totals;
  return [
    { name: "Recordings", value: dataset.name },
    { name: "Protocol", value: settings.protocol },
    {
      name: "Beats",
      value: `${formatInteger(train)} training, ${formatInteger(validation)} validation, ${formatInteger(test)} test`,
    },
    { name: "Classes", value: summary.labels.join(" ") },
    { name: "Window", value: `${settings.before} samples before the R-peak, ${settings.after} from it on` },
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
      value: settings.balancing === "none" ? "none" : `SMOTE, ${counted(settings.neighbours, "neighbour")}`,
    },
    { name: "Seed of the split", value: String(settings.seed) },
    { name: "Fingerprint", value: preparation.fingerprint.slice(0, 16) },
  ];
}

function scheduleWords({ schedule }: TrainingSettings): string {
  switch (schedule.kind) {
    case "constant":
      return "constant";
    case "exponential":
      return `times ${schedule.factor} every ${counted(schedule.everyEpochs, "epoch")}`;
    case "cosine":
      return `falling as a cosine${schedule.warmupEpochs > 0 ? ` after ${counted(schedule.warmupEpochs, "epoch")} of rising` : ""}`;
    case "plateau":
      return `times ${schedule.factor} after ${counted(schedule.patience, "epoch")} without a better validation loss`;
  }
}

function weightWords(classes: TrainingSettings["weighting"]["classes"]): string | null {
  if (classes === "equal") return null;
  if (classes === "balanced") return "balanced";
  return Object.entries(classes)
    .map(([label, weight]) => `${label} ${weight}`)
    .join(", ");
}
