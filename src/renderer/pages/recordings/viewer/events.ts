/**
 * The events of a recording in groups, for the chips, the steps and the list: beats by type, rhythms, pauses, noise and other
 * annotations. Pure; samples are counted from the start of the recording.
 */
import { describeSymbol, isHeartbeat } from "../../../../contract/domain/class-maps.ts";
import {
  PAUSE_SECONDS,
  rhythmColourSymbol,
  rhythmName,
  type RhythmSummary,
  type RrIntervals,
} from "../../../../contract/domain/rhythm.ts";
import { UNLIKE_FLAG, UNSURE_FLAG } from "../../../../contract/domain/annotation-sets.ts";
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";

import type { ComparedSet } from "./compared-set.ts";

export type EventKind = "beat" | "rhythm" | "check" | "pause" | "noise" | "mark";

export interface EventGroup {
  /** Unique among the groups; `` for all beats. */
  key: string;
  kind: EventKind;
  /** Short label: the symbol or the rhythm code. */
  label: string;
  title: string;
  /** Noun of one event, in messages: `V beat`. */
  noun: string;
  /** Beat symbol whose colour the events have; empty: no class colour. */
  colourSymbol: string;
  /** First sample of each event, ascending, and the sample after its end; equal to the first for a point in time. */
  starts: Uint32Array;
  ends: Uint32Array;
}

/** One event: its group, and its index in it. */
export interface SelectedEvent {
  group: EventGroup;
  index: number;
}

/** Keys of the groups of all beats, and of all rhythm episodes. */
export const ALL_BEATS = "";
export const ALL_RHYTHMS = "(";
/** Key of the group of disagreements with a second annotation set. */
export const DISAGREEMENTS = "disagreement";

/** Meanings of WFDB's annotations that are neither heartbeats nor rhythm changes (`ecgcodes.h`). */
const marks: Readonly<Record<string, string>> = {
  "|": "Artefact (QRS-like)",
  "~": "Change of signal quality",
  x: "Blocked P wave",
  "!": "Ventricular flutter wave",
  "[": "Start of ventricular flutter or fibrillation",
  "]": "End of ventricular flutter or fibrillation",
  "^": "Pacemaker spike",
  s: "ST change",
  T: "T-wave change",
  "=": "Measurement",
  "@": "Link",
  '"': "Note",
  "*": "Systole",
  D: "Diastole",
  "(": "Waveform onset",
  ")": "Waveform end",
  p: "Peak of the P wave",
  t: "Peak of the T wave",
  u: "Peak of the U wave",
};

/** Returns the title of an annotation that is no heartbeat. */
export function markTitle(symbol: string): string {
  return Object.hasOwn(marks, symbol) ? marks[symbol] : `Annotation ${symbol}`;
}

/** Returns the index of the first entry at or after `sample`; the length where there is none. */
export function firstFrom(samples: Uint32Array, sample: number): number {
  let low = 0;
  let high = samples.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle] < sample) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Returns all groups: all beats, beat types (the most frequent first), rhythms, beats to check, pauses, noise and other
 * annotations.
 * @param compared second annotation set; absent: none
 */
export function groupEvents(
  annotations: AnnotationColumns,
  rhythm: RhythmSummary,
  compared?: ComparedSet,
): EventGroup[] {
  return [
    ...beatGroups(annotations),
    ...rhythmGroups(rhythm),
    ...checkGroups(annotations, compared),
    ...pauseGroups(rhythm),
    ...noiseGroups(rhythm),
    ...markGroups(annotations),
  ];
}

/** Returns the caption of the groups that are neither beats nor rhythms: `Pauses, noise and other annotations`. */
export function otherLabel(groups: readonly EventGroup[]): string {
  const has = (kind: EventKind): boolean => groups.some((group) => group.kind === kind);
  const parts = [...(has("pause") ? ["pauses"] : []), ...(has("noise") ? ["noise"] : [])];
  if (has("mark")) parts.push("other annotations");
  const last = parts.pop() ?? "";
  const text = parts.length === 0 ? last : `${parts.join(", ")} and ${last}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function beatGroups({ samples, symbols, beats }: AnnotationColumns): EventGroup[] {
  const all: number[] = [];
  const types = new Map<string, number[]>();
  for (let i = 0; i < samples.length; i++) {
    if (beats[i] !== 1) continue;
    all.push(samples[i]);
    append(types, symbols[i], samples[i]);
  }
  const ordered = [...types].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  return [
    points(
      { key: ALL_BEATS, kind: "beat", label: "All beats", title: "All beats", noun: "beat", colourSymbol: "" },
      all,
    ),
    ...ordered.map(([symbol, found]) =>
      points(
        {
          key: symbol,
          kind: "beat",
          label: symbol,
          title: describeSymbol(symbol),
          noun: `${symbol} beat`,
          colourSymbol: symbol,
        },
        found,
      ),
    ),
  ];
}

function rhythmGroups({ episodes }: RhythmSummary): EventGroup[] {
  const rhythms = episodes.filter(({ kind }) => kind === "rhythm");
  const codes = [...new Set(rhythms.map(({ code }) => code))].sort();
  const all: EventGroup = {
    key: ALL_RHYTHMS,
    kind: "rhythm",
    label: "All rhythms",
    title: "All rhythms",
    noun: "rhythm episode",
    colourSymbol: "",
    starts: Uint32Array.from(rhythms, ({ from }) => from),
    ends: Uint32Array.from(rhythms, ({ to }) => to),
  };
  const byCode = codes.map((code): EventGroup => {
    const found = rhythms.filter((episode) => episode.code === code);
    return {
      key: `(${code}`,
      kind: "rhythm",
      label: code,
      title: rhythmName(code),
      noun: `${code} episode`,
      colourSymbol: rhythmColourSymbol(code),
      starts: Uint32Array.from(found, ({ from }) => from),
      ends: Uint32Array.from(found, ({ to }) => to),
    };
  });
  return codes.length > 1 ? [all, ...byCode] : byCode;
}

/** Returns the beats to check: disagreements with a second set, unsure beats, and beats unlike the training set. */
function checkGroups({ samples, flags }: AnnotationColumns, compared?: ComparedSet): EventGroup[] {
  const flagged = (bit: number): number[] => [...samples].filter((_, i) => ((flags?.[i] ?? 0) & bit) !== 0);
  const group = (key: string, label: string, title: string, found: readonly number[]): EventGroup[] =>
    found.length === 0
      ? []
      : [points({ key, kind: "check", label, title, noun: label.toLowerCase(), colourSymbol: "" }, found)];
  const both = compared?.labels === false ? "both have a beat" : "both have a beat of one class";
  return [
    ...group(DISAGREEMENTS, "Disagreement", `Not ${both} within 150 ms`, [...(compared?.disagreements ?? [])]),
    ...group("unsure", "Unsure beat", "Probability below the threshold of the classification", flagged(UNSURE_FLAG)),
    ...group("unlike", "Unlike training", "Beat unlike all beats of the training set", flagged(UNLIKE_FLAG)),
  ];
}

function pauseGroups({ pauses }: RhythmSummary): EventGroup[] {
  if (pauses.length === 0) return [];
  return [
    {
      key: "pause",
      kind: "pause",
      label: "Pause",
      title: `RR interval above ${PAUSE_SECONDS} s`,
      noun: "pause",
      colourSymbol: "",
      starts: Uint32Array.from(pauses, ({ from }) => from),
      ends: Uint32Array.from(pauses, ({ to }) => to),
    },
  ];
}

function noiseGroups({ episodes }: RhythmSummary): EventGroup[] {
  const found = episodes.filter(({ kind }) => kind === "noise");
  if (found.length === 0) return [];
  return [
    {
      key: "noise",
      kind: "noise",
      label: "~ Noise",
      title: "Noisy or unreadable leads",
      noun: "noise episode",
      colourSymbol: "",
      starts: Uint32Array.from(found, ({ from }) => from),
      ends: Uint32Array.from(found, ({ to }) => to),
    },
  ];
}

/** Symbols of changes of rhythm or signal quality, and of the ends of ventricular flutter: these are episodes. */
const ofEpisodes: ReadonlySet<string> = new Set(["+", "~", "[", "]"]);

/** Annotations that are neither heartbeats nor limits of episodes. */
function markGroups({ samples, symbols, beats }: AnnotationColumns): EventGroup[] {
  const types = new Map<string, number[]>();
  for (let i = 0; i < samples.length; i++) {
    if (beats[i] !== 1 && !ofEpisodes.has(symbols[i])) append(types, symbols[i], samples[i]);
  }
  return [...types].map(([symbol, found]) =>
    points(
      {
        key: `mark ${symbol}`,
        kind: "mark",
        label: symbol,
        title: markTitle(symbol),
        noun: `annotation ${symbol}`,
        colourSymbol: symbol === "x" ? "x" : symbol === "!" ? "V" : "",
      },
      found,
    ),
  );
}

function points(group: Omit<EventGroup, "starts" | "ends">, samples: readonly number[]): EventGroup {
  const starts = Uint32Array.from(samples);
  return { ...group, starts, ends: starts };
}

function append(types: Map<string, number[]>, symbol: string, sample: number): void {
  const found = types.get(symbol);
  if (found) found.push(sample);
  else types.set(symbol, [sample]);
}

/**
 * Returns the index of the next event of a group after (`step` 1) or before (−1) a sample; null where there is none.
 * @param inclusive whether an event at the sample itself counts
 */
export function nextEvent({ starts }: EventGroup, sample: number, step: 1 | -1, inclusive = false): number | null {
  const from = firstFrom(starts, sample);
  if (step === -1) {
    if (inclusive && starts[from] === sample) return from;
    return from > 0 ? from - 1 : null;
  }
  const index = inclusive ? from : firstFrom(starts, sample + 1);
  return index < starts.length ? index : null;
}

/** Returns the beat or mark nearest to a sample, within `within` samples; null where there is none. */
export function nearestPoint(groups: readonly EventGroup[], sample: number, within: number): SelectedEvent | null {
  let nearest: SelectedEvent | null = null;
  let least = within;
  for (const group of groups) {
    if (group.key === ALL_BEATS || !["beat", "mark"].includes(group.kind)) continue;
    const after = firstFrom(group.starts, sample);
    for (const index of [after - 1, after]) {
      if (index < 0 || index >= group.starts.length) continue;
      const distance = Math.abs(group.starts[index] - sample);
      // Equal distances: the first group, which is the more frequent beat type.
      if (distance > least || (nearest && distance === least)) continue;
      [nearest, least] = [{ group, index }, distance];
    }
  }
  return nearest;
}

/** Returns an event of the group of all beats or of all rhythms as an event of its type; others unchanged. */
export function typedEvent(groups: readonly EventGroup[], event: SelectedEvent): SelectedEvent {
  const { key: whole, kind, starts } = event.group;
  if (whole !== ALL_BEATS && whole !== ALL_RHYTHMS) return event;
  const start = starts[event.index];
  for (const group of groups) {
    if (group.kind !== kind || group.key === whole) continue;
    const index = firstFrom(group.starts, start);
    if (group.starts[index] === start) return { group, index };
  }
  return event;
}

/**
 * Returns the RR intervals before and after a beat, in s; null at the ends, and where an interval reaches into flutter.
 * @param sample of the beat @param rate in Hz
 */
export function rrAround(
  { samples, seconds }: RrIntervals,
  sample: number,
  rate: number,
): { before: number | null; after: number | null } {
  const before = firstFrom(samples, sample);
  const after = firstFrom(samples, sample + 1);
  const startsHere = after < samples.length && samples[after] - Math.round(seconds[after] * rate) === sample;
  return {
    before: samples[before] === sample ? seconds[before] : null,
    after: startsHere ? seconds[after] : null,
  };
}

/** Returns the number of events of a group that start in each hour of the recording. */
export function countsPerHour({ starts }: EventGroup, rate: number, length: number): number[] {
  const hours = Math.max(1, Math.ceil(length / rate / 3600));
  const edges = Array.from({ length: hours + 1 }, (_, hour) => firstFrom(starts, hour * 3600 * rate));
  return edges.slice(1).map((edge, hour) => edge - edges[hour]);
}

/** Returns whether an annotation symbol is drawn in the row of the beats: heartbeats, blocked P waves and flutter waves. */
export function isInBeatRow(symbol: string): boolean {
  return isHeartbeat(symbol) || symbol === "x" || symbol === "!";
}

/** Returns the text of an annotation: its note, or the meaning of its symbol. */
export function remarkOf(symbol: string, text: string): string {
  return text.replaceAll("\0", "").trim() || (Object.hasOwn(marks, symbol) ? marks[symbol] : symbol);
}
