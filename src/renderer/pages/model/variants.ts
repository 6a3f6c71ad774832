/** What a model's address names: a preset, a saved model by its number, or a network that is not saved, `new`. */
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import type { SavedModel } from "../../../contract/domain/models.ts";
import { isPreset, networkOf, presets } from "../../../contract/settings/network-presets.ts";
import type { NetworkSpec } from "../../../contract/domain/networks.ts";
import { networkNames, type NetworkChoice, type TrainingSettings } from "../../../contract/domain/training.ts";
import type { ModelDraft } from "../../stores/model-drafts.ts";
import { sameLayers } from "./layer-list.ts";

export const NEW = "new";

/** The network that a variant begins from; undefined where it is not known (yet), or is not saved. */
export function baseOf(variant: string, saved: readonly SavedModel[]): NetworkSpec | undefined {
  if (isPreset(variant)) return presets[variant];
  return saved.find(({ id }) => String(id) === variant)?.network;
}

export function freshDraft(variant: string, base: NetworkSpec): ModelDraft {
  return { ...draftOfRun(defaultTraining(isPreset(variant) ? variant : base)), network: base };
}

export function isChanged(draft: ModelDraft, base: NetworkSpec | undefined): boolean {
  return base === undefined || draft.network.name !== base.name || !sameLayers(draft.network, base);
}

/** A preset that was changed is the study's network no more, and must not be called so. */
export function named(variant: string, network: NetworkSpec): NetworkSpec {
  if (!isPreset(variant)) return network;
  const { name } = presets[variant];
  const other = `${name}, changed`;
  if (sameLayers(network, presets[variant])) return network.name === other ? { ...network, name } : network;
  return network.name === name ? { ...network, name: other } : network;
}

/** What a run is told: a preset by its name where it is the preset. */
export function choiceOf(variant: string, network: NetworkSpec): NetworkChoice {
  return isPreset(variant) && !isChanged({ network } as ModelDraft, presets[variant]) ? variant : network;
}

/** Where a run's network is found: at a preset or a saved model that has its layers, else as one that is not saved. */
export function variantOf(choice: NetworkChoice, saved: readonly SavedModel[]): string {
  if (typeof choice === "string") return choice;
  const preset = networkNames.find((name) => sameLayers(presets[name], choice));
  const model = saved.find(({ network }) => network.name === choice.name && sameLayers(network, choice));
  return model ? String(model.id) : (preset ?? NEW);
}

/** What is trained here was not trained elsewhere, whatever the run's model was. */
export function draftOfRun({ network, importedFrom: _, ...training }: TrainingSettings): ModelDraft {
  return { network: networkOf(network), training, repeats: 1 };
}

/** The runs that a draft asks for: seeds that follow one another. */
export function settingsOf(variant: string, { network, training, repeats }: ModelDraft): TrainingSettings[] {
  return Array.from({ length: repeats }, (_, i) => ({
    network: choiceOf(variant, network),
    ...training,
    // Seeds are 32 bits: after the last comes the first.
    seed: (training.seed + i) >>> 0,
  }));
}
