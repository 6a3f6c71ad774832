/** Lists the training settings that a search can vary: those of the current optimizer, schedule and layers too. */
import { networkOf, presets } from "../../../contract/settings/network-presets.ts";
import { settingLabel } from "../../../contract/settings/setting-table.ts";
import { activations, type LayerSpec } from "../../../contract/domain/networks.ts";
import { networkNames, type TrainingSettings } from "../../../contract/domain/training.ts";

interface NumberSetting {
  kind: "number";
  path: string;
  name: string;
  /** Current value. */
  current: number;
  min: number;
  max: number;
  whole: boolean;
  /** Whether values are searched on a log scale, like those of a learning rate. */
  log: boolean;
}
interface ChoiceSetting {
  kind: "choice";
  path: string;
  name: string;
  options: readonly { value: string; label: string }[];
}
export type VariableSetting = NumberSetting | ChoiceSetting;

/** Bounds of the contract (training.ts, optimization.ts, networks.ts). */
const SMALLEST = 1e-12;
const BELOW_ONE = 0.999999;
type Limits = readonly [min: number, max: number, kind: "whole" | "linear" | "log"];
const trainingLimits: Readonly<Record<string, Limits>> = {
  learningRate: [SMALLEST, 10, "log"],
  batch: [1, 1e6, "whole"],
  epochs: [1, 1e5, "whole"],
  patience: [0, 1e5, "whole"],
  "weighting.synthetic": [SMALLEST, 1, "linear"],
  "optimizer.beta1": [0, BELOW_ONE, "linear"],
  "optimizer.beta2": [0, BELOW_ONE, "linear"],
  "optimizer.epsilon": [SMALLEST, 1, "log"],
  "optimizer.momentum": [0, BELOW_ONE, "linear"],
  "optimizer.rho": [0, BELOW_ONE, "linear"],
  "optimizer.weightDecay": [0, 1, "linear"],
  "schedule.factor": [SMALLEST, BELOW_ONE, "linear"],
  "schedule.everyEpochs": [0.001, 1e5, "linear"],
  "schedule.warmupEpochs": [0, 1e5, "linear"],
  "schedule.floor": [0, BELOW_ONE, "linear"],
  "schedule.patience": [1, 1e5, "whole"],
  "schedule.minimum": [0, 10, "linear"],
  "clipping.limit": [SMALLEST, 1e6, "log"],
};
const layerLimits: Readonly<Record<string, Limits>> = {
  rate: [0, BELOW_ONE, "linear"],
  units: [1, 16_384, "whole"],
  filters: [1, 16_384, "whole"],
  kernelSize: [1, 16_384, "whole"],
};

export function variableSettings(settings: TrainingSettings): VariableSetting[] {
  const { layers } = networkOf(settings.network);
  const dropouts = layers.filter((layer) => layer.kind === "dropout");
  return [
    ...Object.entries(trainingLimits).flatMap(([path, limits]) => number(path, valueAt(settings, path), limits)),
    choice("weighting.classes", [
      { value: "equal", label: "none" },
      { value: "balanced", label: "balanced" },
    ]),
    choice(
      "network",
      networkNames.map((value) => ({ value, label: presets[value].name })),
    ),
    ...(dropouts.length > 1 ? number("network.*.rate", dropouts[0]?.rate, layerLimits["rate"]) : []),
    ...layers.flatMap(layerSettings),
  ];
}

function layerSettings(layer: LayerSpec): VariableSetting[] {
  return Object.entries(layer).flatMap(([key, value]: [string, unknown]): VariableSetting[] => {
    const path = `network.${layer.id}.${key}`;
    const limits = layerLimits[key];
    if (limits) return number(path, value, limits);
    return key === "activation"
      ? [
          choice(
            path,
            activations.map((name) => ({ value: name, label: name })),
          ),
        ]
      : [];
  });
}

function number(path: string, current: unknown, [min, max, kind]: Limits): NumberSetting[] {
  if (typeof current !== "number") return [];
  const name = settingLabel(path);
  return [{ kind: "number", path, name, current, min, max, whole: kind === "whole", log: kind === "log" }];
}

function choice(path: string, options: ChoiceSetting["options"]): ChoiceSetting {
  return { kind: "choice", path, name: settingLabel(path), options };
}

/** Returns undefined where the current optimizer or schedule has no such setting. */
function valueAt(settings: TrainingSettings, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (found, key) =>
        typeof found === "object" && found !== null ? (found as Record<string, unknown>)[key] : undefined,
      settings,
    );
}
