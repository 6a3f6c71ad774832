/** A compared setting's value as it fits into a cell. */
import { settingValue } from "../../../contract/settings/setting-names.ts";

/** A list of layers is told by how many there are. */
export function settingCell(place: string, value: string | null): string {
  if (place !== "training.network.layers" || value === null) return settingValue(place, value);
  return `${(JSON.parse(value) as unknown[]).length} layers`;
}
