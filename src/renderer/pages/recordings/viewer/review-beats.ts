/** The beats of a recording in review: which ones are chosen, and the next one of a queue. Pure. */
import { UNLIKE_FLAG, UNSURE_FLAG } from "../../../../contract/domain/annotation-sets.ts";
import { isHeartbeat } from "../../../../contract/domain/class-maps.ts";
import { firstLabelFrom, REVIEWED_FLAG, type Label } from "../../../../contract/domain/labels.ts";
import { reviewSymbols } from "../../../../contract/domain/reviews.ts";
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";

/** Chosen beats: all from one sample to another, whichever comes first. */
export interface BeatRange {
  /** Where the choice began. */
  anchor: number;
  /** The beat that the arrow keys move. */
  head: number;
}

/** Queue of the beats that were selected in a plot or by their family. A beat symbol is the queue of its beats. */
export const PICKED_QUEUE = "picked";
/** Queue of the places where two annotation sets disagree. */
export const DISAGREEMENT_QUEUE = "disagreement";

const edited: ReadonlySet<string> = new Set(reviewSymbols);

/** Returns the beats that a reviewer edits, in order of time. */
export function beatsToReview(labels: readonly Label[]): Label[] {
  return labels.filter(({ symbol }) => edited.has(symbol));
}

/** Returns the chosen beats. */
export function chosenBeats(beats: readonly Label[], { anchor, head }: BeatRange): Label[] {
  const [from, to] = [Math.min(anchor, head), Math.max(anchor, head)];
  return beats.slice(firstLabelFrom(beats, from), firstLabelFrom(beats, to + 1));
}

/** Returns the samples of the beats; `before` itself, where they are the same. */
export function samplesOf(beats: readonly Label[], before?: Int32Array): Int32Array {
  if (before?.length === beats.length && beats.every(({ sample }, i) => sample === before[i])) return before;
  const samples = new Int32Array(beats.length);
  for (let i = 0; i < beats.length; i++) samples[i] = beats[i].sample;
  return samples;
}

/** Returns whether a beat waits in a queue. @param picked samples of the selected beats */
export function isQueued({ symbol, flags, sample }: Label, queue: string, picked: ReadonlySet<number>): boolean {
  if (queue === PICKED_QUEUE) return picked.has(sample);
  const isReviewed = (flags & REVIEWED_FLAG) !== 0;
  if (queue === "unreviewed") return !isReviewed;
  if (queue === "unsure") return !isReviewed && (flags & (UNSURE_FLAG | UNLIKE_FLAG)) !== 0;
  return symbol === queue;
}

/**
 * Returns the next beat of a queue after (1) or before (−1) a sample; undefined: there is none.
 * @param options.without samples of beats that are passed over
 */
export function nextQueued(
  beats: readonly Label[],
  { queue, picked, without }: { queue: string; picked: ReadonlySet<number>; without?: ReadonlySet<number> | undefined },
  sample: number,
  by: 1 | -1,
): Label | undefined {
  const start = by === 1 ? firstLabelFrom(beats, sample + 1) : firstLabelFrom(beats, sample) - 1;
  for (let i = start; i >= 0 && i < beats.length; i += by) {
    if (isQueued(beats[i], queue, picked) && without?.has(beats[i].sample) !== true) return beats[i];
  }
  return undefined;
}

/** Returns the next place in ascending samples; undefined: there is none. */
export function nextPlace(places: ArrayLike<number>, sample: number, by: 1 | -1): number | undefined {
  const inOrder = Array.from(places);
  return by === 1 ? inOrder.find((place) => place > sample) : inOrder.findLast((place) => place < sample);
}

/** Returns the beat nearest to a sample, within some samples; undefined: there is none. */
export function beatNear(beats: readonly Label[], sample: number, within: number): Label | undefined {
  let nearest: Label | undefined;
  for (let i = firstLabelFrom(beats, sample - within); i < beats.length; i++) {
    const beat = beats[i];
    if (beat.sample > sample + within) break;
    if (!nearest || Math.abs(beat.sample - sample) < Math.abs(nearest.sample - sample)) nearest = beat;
  }
  return nearest;
}

/** Returns the labels as the viewer draws them. */
export function columnsOf(labels: readonly Label[]): AnnotationColumns {
  const count = labels.length;
  const columns = {
    samples: new Uint32Array(count),
    symbols: [] as string[],
    beats: new Uint8Array(count),
    texts: [] as string[],
    probabilities: new Float32Array(count),
    flags: new Uint8Array(count),
  };
  for (let i = 0; i < count; i++) {
    const { sample, symbol, text, probability, flags } = labels[i];
    columns.samples[i] = sample;
    columns.symbols.push(symbol);
    columns.beats[i] = isHeartbeat(symbol) ? 1 : 0;
    columns.texts.push(text);
    columns.probabilities[i] = probability ?? Number.NaN;
    columns.flags[i] = flags;
  }
  return columns;
}

/**
 * Returns columns after an edit that adds, removes and moves no annotation: only those of the changed samples are written, so
 * that an edit of a day's beat takes less than a frame.
 * @param labels all labels after the edit @param samples changed samples; many of them are best ascending
 */
export function updatedColumns(
  columns: AnnotationColumns,
  labels: readonly Label[],
  samples: ArrayLike<number>,
): AnnotationColumns {
  const symbols = columns.symbols.slice();
  const beats = columns.beats.slice();
  const texts = columns.texts.slice();
  const probabilities = columns.probabilities?.slice();
  const flags = columns.flags?.slice();
  let next = 0;
  for (let k = 0; k < samples.length; k++) {
    const sample = samples[k];
    if (labels[next]?.sample !== sample) next = firstLabelFrom(labels, sample);
    for (let i = next; i < labels.length && labels[i].sample === sample; i++, next++) {
      const { symbol, text, probability, flags: bits } = labels[i];
      [symbols[i], beats[i], texts[i]] = [symbol, isHeartbeat(symbol) ? 1 : 0, text];
      if (probabilities) probabilities[i] = probability ?? Number.NaN;
      if (flags) flags[i] = bits;
    }
  }
  return { samples: columns.samples, symbols, beats, texts, probabilities, flags };
}
