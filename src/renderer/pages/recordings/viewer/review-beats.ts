/** The beats of a recording in review: which ones are chosen, and the next one of a queue. Pure. */
import { UNLIKE_FLAG, UNSURE_FLAG } from "../../../../contract/domain/annotation-sets.ts";
import { isHeartbeat } from "../../../../contract/domain/class-maps.ts";
import { REVIEWED_FLAG, type Label } from "../../../../contract/domain/labels.ts";
import { reviewSymbols } from "../../../../contract/domain/reviews.ts";
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";

/** Chosen beats: all from one sample to another, whichever comes first. */
export interface BeatRange {
  /** Where the choice began. */
  anchor: number;
  /** The beat that the arrow keys move. */
  head: number;
}

/** Queues of beats to review; a beat symbol is the queue of its beats. */
export const beatQueues = ["unreviewed", "unsure"] as const;

/** Returns the beats that a reviewer edits, in order of time. */
export function beatsToReview(labels: readonly Label[]): Label[] {
  return labels.filter(({ symbol }) => reviewSymbols.includes(symbol));
}

/** Returns the chosen beats. */
export function chosenBeats(beats: readonly Label[], { anchor, head }: BeatRange): Label[] {
  const [from, to] = [Math.min(anchor, head), Math.max(anchor, head)];
  return beats.filter(({ sample }) => sample >= from && sample <= to);
}

/** Returns whether a beat waits in a queue. */
export function isQueued({ symbol, flags }: Label, queue: string): boolean {
  const isReviewed = (flags & REVIEWED_FLAG) !== 0;
  if (queue === "unreviewed") return !isReviewed;
  if (queue === "unsure") return !isReviewed && (flags & (UNSURE_FLAG | UNLIKE_FLAG)) !== 0;
  return symbol === queue;
}

/** Returns the next beat of a queue after (1) or before (−1) a sample; undefined: there is none. */
export function nextQueued(beats: readonly Label[], queue: string, sample: number, by: 1 | -1): Label | undefined {
  return by === 1
    ? beats.find((beat) => beat.sample > sample && isQueued(beat, queue))
    : beats.findLast((beat) => beat.sample < sample && isQueued(beat, queue));
}

/** Returns the beat nearest to a sample, within some samples; undefined: there is none. */
export function beatNear(beats: readonly Label[], sample: number, within: number): Label | undefined {
  let nearest: Label | undefined;
  for (const beat of beats) {
    const distance = Math.abs(beat.sample - sample);
    if (distance <= within && (!nearest || distance < Math.abs(nearest.sample - sample))) nearest = beat;
  }
  return nearest;
}

/** Returns the labels as the viewer draws them. */
export function columnsOf(labels: readonly Label[]): AnnotationColumns {
  return {
    samples: Uint32Array.from(labels, ({ sample }) => sample),
    symbols: labels.map(({ symbol }) => symbol),
    beats: Uint8Array.from(labels, ({ symbol }) => (isHeartbeat(symbol) ? 1 : 0)),
    texts: labels.map(({ text }) => text),
    probabilities: Float32Array.from(labels, ({ probability }) => probability ?? Number.NaN),
    flags: Uint8Array.from(labels, ({ flags }) => flags),
  };
}
