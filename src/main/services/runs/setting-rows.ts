/** Settings of runs and their preparations as a flat table, for comparisons and spreadsheets. */
import type { SettingRow } from "../../../contract/domain/comparison.ts";
import { networkOf, networkTitle } from "../../../contract/settings/network-presets.ts";
import type { PreparationSettings } from "../../../contract/domain/preparation.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import type { TrainingSettings } from "../../../contract/domain/training.ts";
import { membersText } from "../../../contract/text/ensemble-text.ts";

export interface RunSettings {
  preparation: PreparationSettings;
  training: TrainingSettings;
}

/** Returns one row for each setting, named by its path: `training.learningRate`. */
export function settingRows(details: readonly RunDetails[]): SettingRow[] {
  const tables = details.map(
    ({ run, preparation, dataset }) =>
      new Map([
        ["dataset", dataset.name],
        ...settingsOf({ preparation: preparation.settings, training: run.settings }),
      ]),
  );
  const names = new Set(tables.flatMap((table) => [...table.keys()]));
  return [...names].map((name) => ({ name, values: tables.map((table) => table.get(name) ?? null) }));
}

/** Returns the settings of one run and its preparation, by their paths. */
export function settingsOf({ preparation, training }: RunSettings): Map<string, string> {
  const { importedFrom, members } = training;
  if (members !== undefined) {
    // Settings of its runs are those of their trainings.
    const ensemble = { network: { name: networkTitle(training) }, members: membersText(members) };
    return new Map([...flattened("preparation", preparation), ...flattened("training", ensemble)]);
  }
  const network = networkOf(training.network);
  // How a model was trained elsewhere is not known: the stored settings are defaults.
  const known =
    importedFrom === undefined
      ? { ...training, network, tuned: undefined }
      : { network, importedFrom: `${importedFrom} (trained elsewhere)` };
  return new Map([...flattened("preparation", preparation), ...flattened("training", known)]);
}

/** Returns the rows as the user chose them: what was chosen for the machine is `auto`, and is no difference between runs. */
export function chosenSettingRows(details: readonly RunDetails[]): SettingRow[] {
  const tuned = details.map(({ run }) => new Set((run.settings.tuned ?? []).map((key) => `training.${key}`)));
  return settingRows(details).map(({ name, values }) => ({
    name,
    values: values.map((value, i) => (tuned[i].has(name) ? "auto" : value)),
  }));
}

/** Flattens objects, not lists: layers are compared as a list. */
function flattened(name: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => flattened(`${name}.${key}`, inner));
  }
  return [[name, typeof value === "string" ? value : JSON.stringify(value)]];
}
