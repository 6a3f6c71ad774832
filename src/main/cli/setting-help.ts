/** Help texts of options that set a setting, from the contract's table of settings. */
import { labelWithUnit, type SettingText } from "../../contract/settings/setting-table.ts";

/**
 * Returns the help text of an option: `SMOTE k: nearest neighbours of a beat that SMOTE interpolates to (default: 5)`.
 * @param byDefault default value; omitted where commander states it
 */
export function settingHelp(text: SettingText, byDefault?: string | number): string {
  const help = text.help === undefined ? "" : `: ${startingSmall(text.help).replace(/\.$/, "")}`;
  return `${startingSmall(labelWithUnit(text))}${help}${byDefault === undefined ? "" : ` (default: ${byDefault})`}`;
}

/** Names such as SMOTE keep their capitals. */
function startingSmall(text: string): string {
  return /^[A-Z][a-z]/.test(text) && !text.startsWith("Daubechies") ? text[0].toLowerCase() + text.slice(1) : text;
}
