/** Settings of a run as MLflow parameters: names and texts. */
import { shortened } from "../../../../contract/text/shorten.ts";
import type { LayerSpec, NetworkSpec } from "../../../../contract/domain/networks.ts";
import { networkOf, networkTitle } from "../../../../contract/settings/network-presets.ts";
import type { RunDetails } from "../../../../contract/domain/runs.ts";
import type { TrainingResult } from "../../../../contract/domain/training.ts";

/** Longer values are refused: `MAX_PARAM_VAL_LENGTH` in mlflow/utils/validation.py. */
export const LONGEST_PARAM = 6000;

export function runParams({ run, preparation, dataset }: RunDetails, result: TrainingResult): Record<string, string> {
  const { network: choice, ...settings } = run.settings;
  const { importedFrom, members } = settings;
  // How a model was trained elsewhere is not known: the stored settings are defaults.
  const training = importedFrom === undefined ? settings : { training: "elsewhere", importedFrom };
  const { summary } = preparation;
  const ensemble = members && {
    training: "ensemble",
    members: members.map(({ run: id }) => id),
    seeds: members.map(({ seed }) => seed),
  };
  const params: Record<string, unknown> = {
    network: networkTitle(run.settings),
    // The layers of an ensemble are those of its runs.
    ...(members === undefined ? layerParams(networkOf(choice), summary.labels.length) : {}),
    trainable_parameters: result.parameters.trainable,
    total_parameters: result.parameters.total,
    ...flattened("", ensemble ?? training),
    ...flattened("preparation.", preparation.settings),
    "preparation.fingerprint": preparation.fingerprint,
    classes: summary.labels,
    "beats.train": summary.totals.train,
    "beats.validation": summary.totals.validation,
    "beats.test": summary.totals.test,
    dataset: dataset.name,
    "dataset.fingerprint": dataset.fingerprint,
  };
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [key, shortened(paramText(value), LONGEST_PARAM)]),
  );
}

function layerParams({ layers }: NetworkSpec, classes: number): Record<string, unknown> {
  const texts = layers.map((layer, i): [string, string] => [
    `layer.${String(i + 1).padStart(2, "0")}`,
    layerText(layer),
  ]);
  const dropout = layers.flatMap((layer) => (layer.kind === "dropout" ? [layer.rate] : []));
  return {
    layers: layers.length,
    ...Object.fromEntries(texts),
    "layer.output": `dense, units=${classes}, activation=softmax`,
    dropout: dropout.length === 0 ? "none" : dropout,
  };
}

/** Flattens settings; one with a kind has it as value, and its other fields below: `optimizer`, `optimizer.beta1`. */
function flattened(prefix: string, settings: object): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings) as [string, unknown][]) {
    const key = `${prefix}${snakeCase(name)}`;
    if (typeof value !== "object" || value === null || Array.isArray(value)) flat[key] = value;
    else if (Object.keys(value).some((label) => !/^[A-Za-z0-9]+$/.test(label))) flat[key] = value;
    else {
      const { kind, ...rest } = value as { kind?: string };
      if (kind !== undefined) flat[key] = kind;
      Object.assign(flat, flattened(`${key}.`, rest));
    }
  }
  return flat;
}

function layerText({ id, kind, inputs, ...settings }: LayerSpec): string {
  const from = inputs === undefined ? "" : `; takes ${inputs.join(", ")}`;
  return [
    `${id}: ${kind}`,
    ...Object.entries(settings).map(([name, value]) => `${snakeCase(name)}=${paramText(value)}`),
  ]
    .join(", ")
    .concat(from);
}

function paramText(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "all" : value.map(paramText).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
