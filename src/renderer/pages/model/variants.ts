/** Variants of the model page's address: a preset, the number of a saved network, or `new` for an unsaved network. */
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import type { SavedNetwork } from "../../../contract/domain/saved-networks.ts";
import { allPresets, isPreset, networkOf } from "../../../contract/settings/network-presets.ts";
import type { NetworkSpec } from "../../../contract/domain/networks.ts";
import {
  presetNames,
  tunedSettings,
  type NetworkChoice,
  type TrainingSettings,
} from "../../../contract/domain/training.ts";
import type { ModelDraft } from "../../stores/model-drafts.ts";
import { sameLayers } from "./layer-list.ts";

export const NEW = "new";

/** Returns the saved network of a variant; undefined where it is unknown, not loaded yet, or not saved. */
export function baseOf(variant: string, saved: readonly SavedNetwork[]): NetworkSpec | undefined {
  if (isPreset(variant)) return allPresets[variant];
  return saved.find(({ id }) => String(id) === variant)?.network;
}

export function freshDraft(variant: string, base: NetworkSpec): ModelDraft {
  return { ...draftOfRun(defaultTraining(isPreset(variant) ? variant : base)), network: base };
}

export function isChanged(draft: ModelDraft, base: NetworkSpec | undefined): boolean {
  return base === undefined || draft.network.name !== base.name || !sameLayers(draft.network, base);
}

/** Renames a changed preset, which is no longer the network of the reference study, and restores the name. */
export function named(variant: string, network: NetworkSpec): NetworkSpec {
  if (!isPreset(variant)) return network;
  const { name } = allPresets[variant];
  const other = `${name}, changed`;
  if (sameLayers(network, allPresets[variant])) return network.name === other ? { ...network, name } : network;
  return network.name === name ? { ...network, name: other } : network;
}

/** Returns the network setting of a run: the preset's name where the network is unchanged. */
export function choiceOf(variant: string, network: NetworkSpec): NetworkChoice {
  return isPreset(variant) && !isChanged({ network } as ModelDraft, allPresets[variant]) ? variant : network;
}

/** Returns the variant of a run's network: a preset or a saved network with the same layers, else `new`. */
export function variantOf(choice: NetworkChoice, saved: readonly SavedNetwork[]): string {
  if (typeof choice === "string") return choice;
  const preset = presetNames.find((name) => sameLayers(allPresets[name], choice));
  const model = saved.find(({ network }) => network.name === choice.name && sameLayers(network, choice));
  return model ? String(model.id) : (preset ?? NEW);
}

/**
 * Returns a draft with the settings of a run, except the origin of an imported or fine-tuned model and the runs of an
 * ensemble. What was chosen for the machine is open again.
 */
export function draftOfRun({
  network,
  importedFrom: _,
  trainedOnTest: _shared,
  fineTunes: _start,
  members: _members,
  tuned = [],
  microBatches: _parts,
  convolutions: _kernels,
  ...training
}: TrainingSettings): ModelDraft {
  const open = Object.fromEntries(tunedSettings.filter((key) => tuned.includes(key)).map((key) => [key, untuned[key]]));
  return { network: networkOf(network), training: { ...training, ...open }, repeats: 1 };
}

/** Settings that are left open. */
const untuned = { threads: 0, backend: "auto" } as const;

/** Returns the settings of each run of a draft, with consecutive seeds. */
export function settingsOf(variant: string, { network, training, repeats }: ModelDraft): TrainingSettings[] {
  return Array.from({ length: repeats }, (_, i) => ({
    network: choiceOf(variant, network),
    ...training,
    // Seeds have 32 bits and wrap around.
    seed: (training.seed + i) >>> 0,
  }));
}
