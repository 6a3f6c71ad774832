/** What sets a run of an experiment apart, in words. */
import { isPreset, presets } from "../../../contract/settings/network-presets.ts";
import { nameOfSetting } from "../../../contract/settings/setting-names.ts";

/** A run's label, `learningRate 0.01, batch 64`, in words: `Learning rate 0.01, batch 64`. */
export function labelWords(label: string): string {
  const words = label.split(", ").map((part) => {
    const end = part.indexOf(" ");
    const [place, value] = [part.slice(0, end), part.slice(end + 1)];
    return `${nameOfSetting(place)} ${place === "network" && isPreset(value) ? presets[value].name : value}`;
  });
  return words.map((each, i) => (i === 0 ? upperFirst(each) : lowerFirst(each))).join(", ");
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
