/** What a fine-tuned network changes in a review: the labels of beats that nobody reviewed, and no other. Pure. */
import { isHeartbeat } from "../../contract/domain/class-maps.ts";
import {
  compareLabels,
  firstLabelFrom,
  REVIEWED_FLAG,
  type Label,
  type LabelChange,
} from "../../contract/domain/labels.ts";

/** Label that a network gives a beat. */
export interface NetworkLabel {
  symbol: string;
  /** Probability of the symbol's class, 0 to 1. */
  probability: number;
  /** Flags of a classification. */
  flags: number;
}

/** Returns the changes to the labels of a network. Beats that a reviewer set or confirmed stay as they are. @param beats by sample */
export function learnedChanges(labels: readonly Label[], beats: ReadonlyMap<number, NetworkLabel>): LabelChange[] {
  return labels.flatMap((from): LabelChange[] => {
    const beat = beats.get(from.sample);
    if (beat === undefined || !isHeartbeat(from.symbol) || (from.flags & REVIEWED_FLAG) !== 0) return [];
    const to = { ...from, ...beat, flags: beat.flags & ~REVIEWED_FLAG };
    return compareLabels(from, to) === 0 ? [] : [{ from, to }];
  });
}

/** Returns the changes that take labels of a network back, where no later edit or network has changed them. */
export function takenBackChanges(labels: readonly Label[], learned: readonly LabelChange[]): LabelChange[] {
  return learned.flatMap(({ from, to }): LabelChange[] => {
    if (from === null || to === null) return [];
    for (let i = firstLabelFrom(labels, to.sample); i < labels.length && labels[i].sample === to.sample; i++) {
      if (compareLabels(labels[i], to) === 0) return [{ from: to, to: from }];
    }
    return [];
  });
}

/** Returns the number of changes after which the symbol is another. */
export function relabelledBeats(changes: readonly LabelChange[]): number {
  return changes.filter(({ from, to }) => from?.symbol !== to?.symbol).length;
}
