/** Rules of the preparation form: settings that change together, and equality with stored preparations. */
import {
  defaultPreparation,
  defaultTablePreparation,
  presetPreparation,
  withRecipe,
} from "../../../contract/settings/defaults.ts";
import { leadCounts, resolvePreparation, suitableLeads } from "../../../contract/domain/leads.ts";
import { classMaps, type ClassMap, type ClassMapTitle } from "../../../contract/domain/class-maps.ts";
import {
  isByPatient,
  preparationSettingsSchema,
  tableProtocols,
  type Preparation,
  type PreparationSettings,
  type Protocol,
} from "../../../contract/domain/preparation.ts";
import { recipeVariants } from "../../../contract/domain/recipe.ts";
import { counted } from "../../base/format.ts";
import type { RecordHealth } from "../../../contract/domain/recordings.ts";

/**
 * Changes the protocol. Class map and lead change too where they were the defaults of the previous protocol.
 * @param other number of the dataset that is the test set, where the protocol needs one
 */
export function withProtocol(
  settings: PreparationSettings,
  protocol: Protocol,
  records: readonly RecordHealth[] = [],
  other?: number,
): PreparationSettings {
  if (settings.rowSamples !== undefined) {
    const { testTables } = defaultTablePreparation(records, protocol);
    return { ...settings, protocol, testTables };
  }
  const [previous, next] = [defaultPreparation(settings.protocol), defaultPreparation(protocol)];
  const classMap = settings.classMap === previous.classMap ? next.classMap : settings.classMap;
  const { leads, signal } = leadValue(settings) === leadValue(previous) ? next : settings;
  const assigned = protocol === "custom-split" ? (settings.assigned ?? next.assigned) : undefined;
  const testDataset = protocol === "external-test" && other !== undefined ? { id: other } : undefined;
  return withoutImpossible({ ...settings, protocol, classMap, leads, signal, assigned, testDataset });
}

/** Choices of what networks get of a beat. */
export const inputChoices = ["none", ...recipeVariants] as const;
export type InputChoice = (typeof inputChoices)[number];

/** Changes the input: the beat alone, with the defaults of the protocol, or an input recipe. */
export function withInput(settings: PreparationSettings, choice: InputChoice): PreparationSettings {
  const { protocol, recipe } = settings;
  if (choice === (recipe?.variant ?? "none")) return settings;
  if (choice !== "none") {
    const preset = presetPreparation(choice === "full" ? "rhythm-and-shape" : "rhythm-and-shape-causal", protocol);
    const { classMap, smallestClass, fractions, recipe: chosen } = preset;
    const changed = { ...chosen!, ...(recipe === undefined ? {} : { ...recipe, variant: choice }) };
    return { ...withRecipe(settings, changed), classMap, smallestClass, fractions };
  }
  const { beforeMs, afterMs, denoising, normalisation, balancing, smallestClass, fractions } =
    defaultPreparation(protocol);
  const window = { beforeMs, afterMs, rate: undefined };
  return { ...settings, ...window, denoising, normalisation, balancing, smallestClass, fractions, recipe: undefined };
}

/** Returns whether synthetic recordings can be made: they need AAMI classes and a split by patient. */
export function allowsSynthetic({ protocol, classMap }: PreparationSettings): boolean {
  return isByPatient(protocol) && (classMap === "aami" || classMap === "ec57");
}

/** Returns the settings without synthetic recordings where they can't be made. */
function withoutImpossible(settings: PreparationSettings): PreparationSettings {
  const { recipe } = settings;
  if (recipe?.synthetic !== true || allowsSynthetic(settings)) return settings;
  return { ...settings, recipe: { ...recipe, synthetic: false } };
}

/** Returns the protocols for tables of beats: a given test set needs one. */
export function tableProtocolsOf(records: readonly RecordHealth[]): Protocol[] {
  const hasTestSet = defaultTablePreparation(records).testTables !== undefined;
  return tableProtocols.filter((protocol) => protocol !== "given-test-set" || hasTestSet);
}

export function titleOf(map: ClassMap): ClassMapTitle {
  return typeof map === "string" ? map : "custom";
}

/** Changes the class map. A custom map starts as a copy of the current one. */
export function withClassMap(settings: PreparationSettings, title: ClassMapTitle): PreparationSettings {
  if (title !== "custom") return withoutImpossible({ ...settings, classMap: title });
  if (typeof settings.classMap !== "string") return settings;
  const classes = classMaps[settings.classMap].map((each) => ({ ...each }));
  return withoutImpossible({ ...settings, classMap: { classes } });
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
  { dataset, records }: { dataset: number; records: readonly RecordHealth[] },
  settings: PreparationSettings,
): Preparation | undefined {
  const canonical = (each: PreparationSettings): string => JSON.stringify(preparationSettingsSchema.parse(each));
  if (!preparationSettingsSchema.safeParse(settings).success) return undefined;
  const searched = canonical(resolvePreparation(settings, records));
  return preparations.find((each) => each.datasetId === dataset && canonical(each.settings) === searched);
}

/** The choice of a lead, as settings. */
type LeadChoice = Pick<PreparationSettings, "leads" | "signal">;

export interface LeadOption {
  value: string;
  label: string;
  choice: LeadChoice;
}

/** Returns the options for the lead: automatic, each name with its number of recordings, each position, and the current list. */
export function leadOptions(records: readonly RecordHealth[], current: LeadChoice): LeadOption[] {
  const positions = Math.max(0, ...records.map(({ leads }) => leads.length));
  const automatic = suitableLeads(records).join(", else ");
  const options = [
    leadOption({ leads: [] }, automatic === "" ? "Auto" : `Auto: ${automatic}`),
    ...leadCounts(records).map(([lead, count]) =>
      leadOption({ leads: [lead] }, `${lead} (${count === records.length ? "all" : `${count} of ${records.length}`})`),
    ),
    ...Array.from({ length: positions }, (_, signal) =>
      leadOption({ signal }, `${ordinal(signal)} lead of each recording`),
    ),
  ];
  const chosen = leadOption(current, (current.leads ?? [String((current.signal ?? 0) + 1)]).join(", else "));
  return options.some(({ value }) => value === chosen.value) ? options : [...options, chosen];
}

/** Returns the value of a choice among {@link leadOptions}. */
export function leadValue({ leads, signal }: LeadChoice): string {
  return JSON.stringify(signal ?? leads ?? []);
}

function leadOption({ leads, signal }: LeadChoice, label: string): LeadOption {
  const choice = { leads, signal };
  return { value: leadValue(choice), label, choice };
}

function ordinal(index: number): string {
  return ["First", "Second", "Third"][index] ?? `${index + 1}th`;
}

/** Sampling rates of common recorders, in Hz. */
const COMMON_RATES = [100, 125, 128, 250, 360, 500];

/** Returns the options for the sampling rate; 0: the most common rate of the recordings. */
export function rateOptions(
  records: readonly RecordHealth[],
  settings: PreparationSettings,
): { value: number; label: string }[] {
  const { rate: automatic } = resolvePreparation({ ...settings, rate: undefined }, records);
  const counts = Map.groupBy(records, ({ rate }) => rate);
  const rates = [
    ...new Set([...counts.keys(), ...COMMON_RATES, ...(settings.rate === undefined ? [] : [settings.rate])]),
  ];
  return [
    { value: 0, label: automatic === undefined ? "Auto" : `Auto: ${automatic} Hz` },
    ...rates
      .sort((a, b) => a - b)
      .map((rate) => {
        const of = counts.get(rate)?.length;
        return { value: rate, label: `${rate} Hz${of === undefined ? "" : ` (${counted(of, "recording")})`}` };
      }),
  ];
}
