/** Finding one's way among annotations in order of time. Pure; samples are numbers from the record's start. */
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";

/** A class of beats by its symbol; empty: any beat. */
export type BeatChoice = string;

/** Index of the first entry that is not before `sample`; the length where there is none. */
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

export function isChosen({ beats, symbols }: AnnotationColumns, index: number, choice: BeatChoice): boolean {
  return beats[index] === 1 && (choice === "" || symbols[index] === choice);
}

/**
 * The next beat of a class after (`step` 1) or before (−1) an annotation or a sample.
 * @param from an annotation's index, or a sample where none is selected
 * @returns its index, or null where there is none that way
 */
export function nextBeat(
  annotations: AnnotationColumns,
  from: { index: number } | { sample: number },
  step: 1 | -1,
  choice: BeatChoice,
): number | null {
  let index: number;
  if ("index" in from) index = from.index + step;
  else
    index = step === 1 ? firstFrom(annotations.samples, from.sample) : firstFrom(annotations.samples, from.sample) - 1;
  for (; index >= 0 && index < annotations.samples.length; index += step) {
    if (isChosen(annotations, index, choice)) return index;
  }
  return null;
}

/** The beat nearest to a sample, no further than `within` samples; null where there is none. */
export function nearestBeat(annotations: AnnotationColumns, sample: number, within: number): number | null {
  const candidates = [1 as const, -1 as const]
    .map((step) => nextBeat(annotations, { sample }, step, ""))
    .filter((index) => index !== null);
  const distance = (index: number): number => Math.abs(annotations.samples[index] - sample);
  const [nearest] = candidates.sort((a, b) => distance(a) - distance(b));
  return nearest !== undefined && distance(nearest) <= within ? nearest : null;
}

export interface BeatPlace {
  symbol: string;
  sample: number;
  /** Which of its class it is, from 1, and how many there are. */
  number: number;
  of: number;
  /** Samples from the beat before and to the beat after, of any class; null at the ends. */
  before: number | null;
  after: number | null;
}

export function placeOfBeat(annotations: AnnotationColumns, index: number): BeatPlace {
  const { samples, symbols } = annotations;
  let number = 0;
  let of = 0;
  for (let i = 0; i < samples.length; i++) {
    if (!isChosen(annotations, i, symbols[index])) continue;
    of++;
    if (i <= index) number++;
  }
  const earlier = nextBeat(annotations, { index }, -1, "");
  const later = nextBeat(annotations, { index }, 1, "");
  return {
    symbol: symbols[index],
    sample: samples[index],
    number,
    of,
    before: earlier === null ? null : samples[index] - samples[earlier],
    after: later === null ? null : samples[later] - samples[index],
  };
}

/** Beats by class, the most first. */
export function countClasses(annotations: AnnotationColumns): { symbol: string; beats: number }[] {
  const counts = new Map<string, number>();
  annotations.symbols.forEach((symbol, i) => {
    if (annotations.beats[i] === 1) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  });
  return [...counts].map(([symbol, beats]) => ({ symbol, beats })).sort((a, b) => b.beats - a.beats);
}

/** A rhythm, and the annotation that it begins with. */
export interface Rhythm {
  sample: number;
  /** Without the parenthesis that WFDB writes: `AFIB`. */
  name: string;
}

/** Rhythm changes, in order of time. */
export function rhythmsOf({ samples, texts }: AnnotationColumns): Rhythm[] {
  const rhythms: Rhythm[] = [];
  texts.forEach((text, i) => {
    if (text.startsWith("(")) rhythms.push({ sample: samples[i], name: text.slice(1).replaceAll("\0", "").trim() });
  });
  return rhythms;
}

/** WFDB's annotations that are neither beats nor rhythm changes, in words (`ecgcodes.h`). */
const remarks: Record<string, string> = {
  "|": "artefact",
  "~": "signal quality",
  x: "blocked P wave",
  "!": "flutter wave",
  "[": "fibrillation begins",
  "]": "fibrillation ends",
  "^": "pacemaker spike",
  s: "ST change",
  T: "T wave change",
  "=": "measurement",
  "@": "link",
};

/** @param text what the annotation says itself, such as a comment */
export function remarkOf(symbol: string, text: string): string {
  return text.replaceAll("\0", "").trim() || (Object.hasOwn(remarks, symbol) ? remarks[symbol] : symbol);
}
