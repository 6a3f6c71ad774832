/** Props of form fields, from the contract's table of settings. */
import type { SettingText } from "../../contract/settings/setting-table.ts";

/** Returns label, unit and hint of a number field. */
export function numberFieldOf({ label, unit, special }: SettingText): { label: string; unit?: string; hint?: string } {
  return { label, ...(unit === undefined ? {} : { unit }), ...(special === undefined ? {} : { hint: special }) };
}

/** Returns the options of a choice field, in the order of `values`. */
export function optionsOf<Value extends string>(
  { values = {} }: SettingText,
  stored: readonly Value[],
): { value: Value; label: string }[] {
  return stored.map((value) => ({ value, label: values[value] ?? value }));
}
