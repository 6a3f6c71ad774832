/** Labels of an experiment's runs as text: the settings in which a run differs from the others. */
import { settingLabel, settingValue } from "../../../contract/settings/setting-table.ts";

/** Returns a stored label as text: `learningRate 0.01, seed 42` becomes `Learning rate 0.01, seed 42`. */
export function formatRunLabel(label: string): string {
  const settings = label.split(", ").map((setting) => {
    const end = setting.indexOf(" ");
    const [key, value] = [setting.slice(0, end), setting.slice(end + 1)];
    return `${settingLabel(key)} ${settingValue(`training.${key}`, value)}`;
  });
  return settings.map((each, i) => (i === 0 ? upperFirst(each) : lowerFirst(each))).join(", ");
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
