/** Settings of a run and of its preparation, with what was measured, for the run's page. */
import { networksOf, networkTitle } from "../../../contract/settings/network-presets.ts";
import { preparationFacts, trainingFacts, type SettingFact } from "../../../contract/settings/setting-facts.ts";
import { trainingSettingTable } from "../../../contract/settings/setting-table.ts";
import { backendText } from "../../../contract/domain/training.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import { counted, formatInteger } from "../../base/format.ts";

export type Fact = Pick<SettingFact, "label" | "value">;

/** The backend that trained replaces the chosen one, which may be “Auto”. */
const BACKEND = trainingSettingTable.backend.label;

const known = (label: string, value: string | null | undefined): Fact[] =>
  value === null || value === undefined ? [] : [{ label, value }];

const inEffect = (facts: readonly SettingFact[]): Fact[] => facts.filter(({ isOff }) => !isOff);

/** Returns the training settings in effect, device and versions. */
export function runFacts({ run: { settings, device, result } }: RunDetails): Fact[] {
  const layers = [...new Set(networksOf(settings).map((network) => counted(network.layers.length, "layer")))];
  return [
    { label: trainingSettingTable.network.label, value: `${networkTitle(settings)}, ${layers.join(" and ")}` },
    ...known("Parameters", result && formatInteger(result.parameters.trainable)),
    ...inEffect(trainingFacts(settings)).filter(({ label }) => device === null || label !== BACKEND),
    ...known(BACKEND, device && backendText(device)),
    ...known("Device", device && (device.gpu?.name ?? `${device.description}, ${counted(device.cores, "core")}`)),
    ...known("GPU not used", device?.withoutGpu),
    ...known("Continued on the processor", device?.fallback),
    ...known("Backend changed", device?.resumedElsewhere),
    ...known("cuDNN not used", device?.withoutCudnn),
    ...known("Peak memory", device?.peakMemory === undefined ? null : `${formatInteger(device.peakMemory / 1e6)} MB`),
    ...known("Versions", device && `Ectopy ${device.versions.ectopy}, Node ${device.versions.node}`),
  ];
}

/** Returns the preparation settings in effect, and the beats. */
export function beatFacts({ preparation, dataset }: RunDetails): Fact[] {
  const { settings, summary, fingerprint } = preparation;
  const { train, validation, test } = summary.totals;
  const beats = `${formatInteger(train)} training, ${formatInteger(validation)} validation, ${formatInteger(test)} test`;
  return [
    { label: "Dataset", value: dataset.name },
    { label: "Beats", value: beats },
    { label: "Classes", value: summary.labels.join(" ") },
    ...inEffect(preparationFacts(settings)),
    { label: "Fingerprint", value: fingerprint.slice(0, 16) },
  ];
}
