/** Lists the training settings that a search can vary: those of the current optimizer, schedule and layers too. */
import { networkOf, presets } from "../../../contract/settings/network-presets.ts";
import type { NumberRange } from "../../../contract/settings/number-range.ts";
import {
  layerSettingTable,
  settingLabel,
  trainingSettingTable,
  valueAt,
} from "../../../contract/settings/setting-table.ts";
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

/** Bounds of an open range. */
const SMALLEST = 1e-12;
const BELOW_ONE = 0.999999;
const layerKeys = ["rate", "units", "filters", "kernelSize"] as const;
/** Settings whose values are searched on a log scale. */
const onLogScale: ReadonlySet<string> = new Set(["learningRate", "optimizer.epsilon", "clipping.limit"]);
/** Settings that repeats vary, or that tuning chooses. */
const notVaried: ReadonlySet<string> = new Set(["seed", "threads", "stepsPerEpoch"]);
/** A search varies it unless the user chooses another setting. */
const FIRST = "learningRate";

export function variableSettings(settings: TrainingSettings): VariableSetting[] {
  const { layers } = networkOf(settings.network);
  const dropouts = layers.filter((layer) => "rate" in layer);
  return [
    ...Object.entries(trainingSettingTable)
      .filter(([path]) => !notVaried.has(path))
      .sort(([a], [b]) => Number(b === FIRST) - Number(a === FIRST))
      .flatMap(([path, { range }]) => number(path, valueAt(settings, path), range)),
    choice("weighting.classes", [
      { value: "equal", label: "none" },
      { value: "balanced", label: "balanced" },
    ]),
    choice(
      "network",
      // Networks that every preparation can train.
      networkNames.map((value) => ({ value, label: presets[value].name })),
    ),
    ...(dropouts.length > 1 ? number("network.*.rate", dropouts[0]?.rate, layerSettingTable.rate.range) : []),
    ...layers.flatMap(layerSettings),
  ];
}

function layerSettings(layer: LayerSpec): VariableSetting[] {
  return Object.entries(layer).flatMap(([key, value]: [string, unknown]): VariableSetting[] => {
    const path = `network.${layer.id}.${key}`;
    const found = layerKeys.find((each) => each === key);
    if (found) return number(path, value, layerSettingTable[found].range);
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

function number(path: string, current: unknown, range: NumberRange | undefined): NumberSetting[] {
  if (typeof current !== "number" || range === undefined) return [];
  const { min, max = Number.MAX_SAFE_INTEGER, aboveMin, belowMax, whole = false } = range;
  const limits = { min: aboveMin ? SMALLEST : min, max: belowMax ? BELOW_ONE : max };
  return [{ kind: "number", path, name: settingLabel(path), current, ...limits, whole, log: onLogScale.has(path) }];
}

function choice(path: string, options: ChoiceSetting["options"]): ChoiceSetting {
  return { kind: "choice", path, name: settingLabel(path), options };
}
