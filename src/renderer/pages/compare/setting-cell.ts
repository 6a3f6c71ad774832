/** Value of a compared setting, short enough for a cell. */
import { settingValue } from "../../../contract/settings/setting-table.ts";

/** Returns the value as text; a list of layers becomes their number. */
export function settingCell(key: string, value: string | null): string {
  if (key !== "training.network.layers" || value === null) return settingValue(key, value);
  return `${(JSON.parse(value) as unknown[]).length} layers`;
}
