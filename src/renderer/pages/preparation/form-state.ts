/** The form's rules: what changes with what, and what a preparation is the same as. */
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import { classMaps, type ClassMap, type ClassMapTitle } from "../../../contract/domain/class-maps.ts";
import {
  preparationSettingsSchema,
  type Preparation,
  type PreparationSettings,
  type Protocol,
} from "../../../contract/domain/preparation.ts";
import type { RecordHealth } from "../../../contract/domain/recordings.ts";

/** With another protocol; the classes go with it where they were the former protocol's own. */
export function withProtocol(settings: PreparationSettings, protocol: Protocol): PreparationSettings {
  const usual = defaultPreparation(settings.protocol).classMap;
  const classMap = settings.classMap === usual ? defaultPreparation(protocol).classMap : settings.classMap;
  return { ...settings, protocol, classMap };
}

export function titleOf(map: ClassMap): ClassMapTitle {
  return typeof map === "string" ? map : "custom";
}

/** One's own classes begin as those that were chosen before, which have at most one symbol each or AAMI's groups. */
export function withClassMap(settings: PreparationSettings, title: ClassMapTitle): PreparationSettings {
  if (title !== "custom") return { ...settings, classMap: title };
  if (typeof settings.classMap !== "string") return settings;
  return { ...settings, classMap: { classes: classMaps[settings.classMap].map((each) => ({ ...each })) } };
}

/** The training part takes what the other two leave. Null where they leave nothing. */
export function fractionsOf(validation: number, test: number): PreparationSettings["fractions"] | null {
  const percent = (share: number): number => Math.round(100 * share);
  const train = 100 - percent(validation) - percent(test);
  return train < 1 ? null : [train / 100, percent(validation) / 100, percent(test) / 100];
}

/** The prepared set that these settings have given already. */
export function preparedBefore(
  preparations: readonly Preparation[],
  dataset: number,
  settings: PreparationSettings,
): Preparation | undefined {
  const canonical = (given: PreparationSettings): string => JSON.stringify(preparationSettingsSchema.parse(given));
  if (!preparationSettingsSchema.safeParse(settings).success) return undefined;
  const wanted = canonical(settings);
  return preparations.find((each) => each.datasetId === dataset && canonical(each.settings) === wanted);
}

/** The leads to choose from, by their place, with the names that they have in the records. */
export function leadOptions(records: readonly RecordHealth[]): { value: number; label: string }[] {
  const most = Math.max(0, ...records.map(({ leads }) => leads.length));
  return Array.from({ length: most }, (_, place) => {
    const counts = new Map<string, number>();
    for (const { leads } of records) {
      const lead = leads[place];
      if (lead !== undefined) counts.set(lead, (counts.get(lead) ?? 0) + 1);
    }
    const named = [...counts].sort(([, a], [, b]) => b - a);
    const [only] = named;
    const words =
      named.length === 1 && only && only[1] === records.length
        ? only[0]
        : named.map(([name, count]) => `${name} in ${count}`).join(", ");
    return { value: place, label: `${ordinal(place)}: ${words}` };
  });
}

function ordinal(place: number): string {
  return ["First", "Second", "Third"][place] ?? `${place + 1}th`;
}

/** The rate of all records; null where they differ or there are none. */
export function commonRate(records: readonly RecordHealth[]): number | null {
  const rates = new Set(records.map(({ rate }) => rate));
  const [rate] = rates;
  return rates.size === 1 && rate !== undefined ? rate : null;
}
