/** Searches annotations in order of time. Pure; samples are counted from the start of the recording. */
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";

/** A beat type by its symbol; empty: all beats. */
export type BeatChoice = string;

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

export function isSelected({ beats, symbols }: AnnotationColumns, index: number, choice: BeatChoice): boolean {
  return beats[index] === 1 && (choice === "" || symbols[index] === choice);
}

/**
 * Returns the next beat of a type after (`step` 1) or before (−1) an annotation or a sample.
 * @param from index of an annotation, or a sample where none is selected
 * @returns its index; null where there is none in this direction
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
    if (isSelected(annotations, index, choice)) return index;
  }
  return null;
}

/** Returns the beat nearest to a sample, within `within` samples; null where there is none. */
export function nearestBeat(annotations: AnnotationColumns, sample: number, within: number): number | null {
  const candidates = [1 as const, -1 as const]
    .map((step) => nextBeat(annotations, { sample }, step, ""))
    .filter((index) => index !== null);
  const distance = (index: number): number => Math.abs(annotations.samples[index] - sample);
  const [nearest] = candidates.sort((a, b) => distance(a) - distance(b));
  return nearest !== undefined && distance(nearest) <= within ? nearest : null;
}

export interface BeatPosition {
  symbol: string;
  sample: number;
  /** Its number among the beats of its type, from 1, and the number of these beats. */
  number: number;
  of: number;
  /** Samples to the previous and the next beat of any type; null at the ends. */
  before: number | null;
  after: number | null;
}

export function positionOfBeat(annotations: AnnotationColumns, index: number): BeatPosition {
  const { samples, symbols } = annotations;
  let number = 0;
  let of = 0;
  for (let i = 0; i < samples.length; i++) {
    if (!isSelected(annotations, i, symbols[index])) continue;
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

/** Returns the number of beats of each type, the most frequent first. */
export function countClasses(annotations: AnnotationColumns): { symbol: string; beats: number }[] {
  const counts = new Map<string, number>();
  annotations.symbols.forEach((symbol, i) => {
    if (annotations.beats[i] === 1) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  });
  return [...counts].map(([symbol, beats]) => ({ symbol, beats })).sort((a, b) => b.beats - a.beats);
}

/** A rhythm, and the sample at which it begins. */
export interface Rhythm {
  sample: number;
  /** The name without WFDB's parenthesis: `AFIB`. */
  name: string;
}

/** Returns the rhythm changes in order of time. */
export function rhythmsOf({ samples, texts }: AnnotationColumns): Rhythm[] {
  const rhythms: Rhythm[] = [];
  texts.forEach((text, i) => {
    if (text.startsWith("(")) rhythms.push({ sample: samples[i], name: text.slice(1).replaceAll("\0", "").trim() });
  });
  return rhythms;
}

/** Meanings of WFDB's annotations that are neither beats nor rhythm changes (`ecgcodes.h`). */
const remarks: Record<string, string> = {
  "|": "artefact",
  "~": "signal quality",
  x: "blocked P wave",
  "!": "ventricular flutter wave",
  "[": "fibrillation begins",
  "]": "fibrillation ends",
  "^": "pacemaker spike",
  s: "ST change",
  T: "T wave change",
  "=": "measurement",
  "@": "link",
};

/** Returns the text of an annotation. @param text the annotation's text field, for example a comment */
export function remarkOf(symbol: string, text: string): string {
  return text.replaceAll("\0", "").trim() || (Object.hasOwn(remarks, symbol) ? remarks[symbol] : symbol);
}
