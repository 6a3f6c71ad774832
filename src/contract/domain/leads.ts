/** Leads by name: spelling variants, the lead that a recording gives, and the leads that suit a set of recordings. */
import type { Preparation, PreparationSettings } from "./preparation.ts";
import type { LeadsAndRate } from "./dataset-records.ts";

/** Leads that are preferred: the limb leads that arrhythmia databases annotate, and a name for a single lead. */
const PREFERRED_LEADS = ["MLII", "II", "ECG"];

/** Signals that are recorded beside an ECG: respiration, pressure, pulse, brain, muscles, eyes, events. */
export const OTHER_SIGNAL =
  /\b(resp\w*|breath\w*|airflow|flow|thorax|abdomen|abd|snore|pleth\w*|ppg|spo2|sao2|so2|pulse|abp|art|bp|cvp|pap|icp|co2|temp\w*|eeg|emg|eog|gsr|acc\w*|marker|event\w*|status|trigger)\b/i;

/** Returns whether a signal's name is that of something else than an ECG. */
export function isOtherSignal(lead: string): boolean {
  return OTHER_SIGNAL.test(lead.replace(/[_-]/g, " "));
}

/** Returns a lead's name without case, spaces and the prefix of EDF: `ECG V5`, `v5` and `V5` are one lead. */
export function leadKey(lead: string): string {
  const key = lead.trim().toLowerCase().replace(/\s+/g, " ");
  return key.replace(/^(?:ecg|ekg|lead) (?=\S)/, "");
}

/** Returns the number of the lead that a recording gives; −1 where it has none of them. */
export function leadNumber(
  leads: readonly string[],
  { signal, leads: names = [] }: Pick<PreparationSettings, "signal" | "leads">,
): number {
  if (signal !== undefined) return signal < leads.length ? signal : -1;
  const keys = leads.map(leadKey);
  for (const lead of names) {
    const number = leads.includes(lead) ? leads.indexOf(lead) : keys.indexOf(leadKey(lead));
    if (number !== -1) return number;
  }
  return -1;
}

/**
 * Returns the numbers of a recording's leads: the one that the settings choose, then the next ECG leads in the recording's
 * order. Fewer where the recording has fewer.
 */
export function leadNumbers(
  leads: readonly string[],
  settings: Pick<PreparationSettings, "signal" | "leads">,
  count: number,
): number[] {
  const first = leadNumber(leads, settings);
  if (first === -1) return [];
  const others = [...leads.keys()].filter((number) => number !== first && !isOtherSignal(leads[number]));
  return [first, ...others.slice(0, count - 1)];
}

/**
 * Returns leads by which every recording gives one, where it has an ECG: the preferred leads first, then the lead that most
 * of the remaining recordings have.
 */
export function suitableLeads(recordings: readonly Pick<LeadsAndRate, "leads">[]): string[] {
  const chosen: string[] = [];
  let remaining = recordings.map(({ leads }) => leads.filter((lead) => !isOtherSignal(lead)));
  const take = (lead: string): void => {
    const key = leadKey(lead);
    const without = remaining.filter((leads) => !leads.some((each) => leadKey(each) === key));
    if (without.length < remaining.length) chosen.push(lead);
    remaining = without;
  };
  for (const lead of PREFERRED_LEADS) take(lead);
  remaining = remaining.filter((leads) => leads.length > 0);
  while (remaining.length > 0) take(mostCommon(remaining.flatMap((leads) => [...new Set(leads)])));
  return chosen;
}

/** Returns each lead's name with the number of recordings that have it, the most common first. */
export function leadCounts(recordings: readonly Pick<LeadsAndRate, "leads">[]): [lead: string, recordings: number][] {
  const counts = new Map<string, number>();
  for (const { leads } of recordings) for (const lead of new Set(leads)) counts.set(lead, (counts.get(lead) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** Returns the sampling rate of a recording's lead, in Hz. */
export function leadRate({ rate, details }: Pick<LeadsAndRate, "rate" | "details">, lead: number): number {
  return details?.rates?.[lead] ?? rate;
}

/**
 * Returns the settings with the names of the leads and with the rate, where the settings leave them open. Of several equally
 * common rates, the lowest: it is the one that no recording has to be upsampled to.
 */
export function resolvePreparation(
  settings: PreparationSettings,
  recordings: readonly LeadsAndRate[],
): PreparationSettings {
  const chosen = recordings.filter(({ name }) => settings.records.length === 0 || settings.records.includes(name));
  const withBeats = chosen.filter(({ beats }) => beats === undefined || Object.keys(beats).length > 0);
  const used = withBeats.length > 0 ? withBeats : chosen;
  const resolved = { ...settings };
  if (settings.rowSamples !== undefined) return resolved;
  if (settings.leads?.length === 0) resolved.leads = suitableLeads(used);
  if (settings.beforeMs !== undefined && settings.rate === undefined) {
    const rates = used.map((each) => leadRate(each, leadNumber(each.leads, resolved)));
    if (rates.length > 0) resolved.rate = mostCommon(rates.sort((a, b) => a - b));
  }
  return resolved;
}

/**
 * Returns the names of the leads that a preparation was made of, and the sampling rate of its beats in Hz. Preparations of
 * earlier versions do not store them: all their recordings have one rate.
 * @param recordings all of the dataset
 */
export function preparedFrom(
  { settings, summary }: Pick<Preparation, "settings" | "summary">,
  recordings: readonly (LeadsAndRate & { usable: boolean })[],
): { leads: string[]; rate: number } {
  const usable = recordings.filter((each) => each.usable);
  const used = summary.recordings;
  const leads =
    used === undefined
      ? usable.flatMap((each) => each.leads.at(leadNumber(each.leads, settings)) ?? [])
      : Object.values(used).map(({ lead }) => lead);
  return { leads: [...new Set(leads)], rate: settings.rate ?? usable[0]?.rate ?? 0 };
}

/** Returns the most common value; of several, the first. */
function mostCommon<Value>(values: readonly Value[]): Value {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))[0];
}
