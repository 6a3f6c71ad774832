/** Every setting of runs and of their preparations as a flat table: for laying runs side by side, and for spreadsheets. */
import type { SettingRow } from "../../../contract/domain/comparison.ts";
import { networkOf } from "../../../contract/settings/network-presets.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";

/** A row a setting, by the name of its place: `training.learningRate`. */
export function settingRows(details: readonly RunDetails[]): SettingRow[] {
  const tables = details.map(
    ({ run, preparation, dataset }) =>
      new Map([
        ["dataset", dataset.name],
        ...flattened("preparation", preparation.settings),
        ...flattened("training", { ...run.settings, network: networkOf(run.settings.network) }),
      ]),
  );
  const names = new Set(tables.flatMap((table) => [...table.keys()]));
  return [...names].map((name) => ({ name, values: tables.map((table) => table.get(name) ?? null) }));
}

/** Lists stay whole: layers are compared by the list. */
function flattened(name: string, value: unknown): [string, string][] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => flattened(`${name}.${key}`, inner));
  }
  return [[name, typeof value === "string" ? value : JSON.stringify(value)]];
}
