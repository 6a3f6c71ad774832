/** Props of form fields, from the contract's table of settings. */
import type { NumberRange } from "../../contract/settings/number-range.ts";
import type { SettingText } from "../../contract/settings/setting-table.ts";

/** Props of a number field. */
export interface NumberFieldProps {
  label: string;
  range?: NumberRange;
  unit?: string;
  hint?: string;
}

/** Returns label, range, unit and hint of a number field. */
export function numberFieldOf({ label, range, unit, special }: SettingText): NumberFieldProps {
  return {
    label,
    ...(range === undefined ? {} : { range }),
    ...(unit === undefined ? {} : { unit }),
    ...(special === undefined ? {} : { hint: special }),
  };
}

/** Returns the options of a choice field or a radio list, in the order of `stored`. */
export function optionsOf<Value extends string>(
  { values = {}, valueHelp = {} }: SettingText,
  stored: readonly Value[],
): { value: Value; label: string; hint?: string }[] {
  return stored.map((value) => ({
    value,
    label: values[value] ?? value,
    ...(valueHelp[value] === undefined ? {} : { hint: valueHelp[value] }),
  }));
}
