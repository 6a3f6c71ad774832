/** Rules of the preparation form: settings that change together, and equality with stored preparations. */
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import { classMaps, type ClassMap, type ClassMapTitle } from "../../../contract/domain/class-maps.ts";
import {
  preparationSettingsSchema,
  type Preparation,
  type PreparationSettings,
  type Protocol,
} from "../../../contract/domain/preparation.ts";
import type { RecordHealth } from "../../../contract/domain/recordings.ts";

/** Changes the protocol. The class map changes too where it was the default of the previous protocol. */
export function withProtocol(settings: PreparationSettings, protocol: Protocol): PreparationSettings {
  const previousDefault = defaultPreparation(settings.protocol).classMap;
  const classMap = settings.classMap === previousDefault ? defaultPreparation(protocol).classMap : settings.classMap;
  return { ...settings, protocol, classMap };
}

export function titleOf(map: ClassMap): ClassMapTitle {
  return typeof map === "string" ? map : "custom";
}

/** Changes the class map. A custom map starts as a copy of the current one. */
export function withClassMap(settings: PreparationSettings, title: ClassMapTitle): PreparationSettings {
  if (title !== "custom") return { ...settings, classMap: title };
  if (typeof settings.classMap !== "string") return settings;
  return { ...settings, classMap: { classes: classMaps[settings.classMap].map((each) => ({ ...each })) } };
}

/** Returns the fractions of the three sets; the training set gets the remainder. Null where nothing remains. */
export function fractionsOf(validation: number, test: number): PreparationSettings["fractions"] | null {
  const percent = (share: number): number => Math.round(100 * share);
  const train = 100 - percent(validation) - percent(test);
  return train < 1 ? null : [train / 100, percent(validation) / 100, percent(test) / 100];
}

/** Returns the preparation that was made with these settings. */
export function preparedBefore(
  preparations: readonly Preparation[],
  dataset: number,
  settings: PreparationSettings,
): Preparation | undefined {
  const canonical = (each: PreparationSettings): string => JSON.stringify(preparationSettingsSchema.parse(each));
  if (!preparationSettingsSchema.safeParse(settings).success) return undefined;
  const searched = canonical(settings);
  return preparations.find((each) => each.datasetId === dataset && canonical(each.settings) === searched);
}

/** Returns the options for the lead, by position, with the lead names of the recordings. */
export function leadOptions(records: readonly RecordHealth[]): { value: number; label: string }[] {
  const most = Math.max(0, ...records.map(({ leads }) => leads.length));
  return Array.from({ length: most }, (_, index) => {
    const counts = new Map<string, number>();
    for (const { leads } of records) {
      const lead = leads[index];
      if (lead !== undefined) counts.set(lead, (counts.get(lead) ?? 0) + 1);
    }
    const named = [...counts].sort(([, a], [, b]) => b - a);
    const [only] = named;
    const text =
      named.length === 1 && only && only[1] === records.length
        ? only[0]
        : named.map(([name, count]) => `${name} in ${count}`).join(", ");
    return { value: index, label: `${ordinal(index)}: ${text}` };
  });
}

function ordinal(index: number): string {
  return ["First", "Second", "Third"][index] ?? `${index + 1}th`;
}

/** Returns the sampling rate of all recordings, in Hz; null where it differs or there are none. */
export function commonRate(records: readonly RecordHealth[]): number | null {
  const rates = new Set(records.map(({ rate }) => rate));
  const [rate] = rates;
  return rates.size === 1 && rate !== undefined ? rate : null;
}
