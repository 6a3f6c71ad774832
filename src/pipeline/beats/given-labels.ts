/** Labels of an annotation set as a preparation reads them: annotations, and beats that have no class. Pure. */
import { isBeatSymbol, isHeartbeat } from "../../contract/domain/class-maps.ts";
import type { ExclusionReason, GivenLabels } from "../../contract/domain/label-choice.ts";
import { REVIEWED_FLAG, type Label } from "../../contract/domain/labels.ts";

/** Symbol of a change of the signal quality. */
const QUALITY_SYMBOL = "~";

/**
 * Leaves out beats in stretches that a reviewer marked as noise, and beats that nobody reviewed where only reviewed ones
 * count.
 * @param labels in order of time
 */
export function givenLabels(labels: readonly Label[], { reviewedOnly }: { reviewedOnly: boolean }): GivenLabels {
  const excluded = new Map<number, ExclusionReason>();
  let isNoise = false;
  for (const label of labels) {
    const { sample, symbol, subtype } = label;
    // Marks of the parent say that a lead is noisy; its beats were annotated all the same.
    if (symbol === QUALITY_SYMBOL) isNoise = isReviewed(label) && subtype !== 0;
    else if (isBeatSymbol(symbol)) {
      if (isNoise) excluded.set(sample, "noise");
      else if (reviewedOnly && !isReviewed(label)) excluded.set(sample, "unreviewed");
    }
  }
  return {
    annotations: labels.map(({ sample, symbol, subtype, text }) => {
      return { sample, symbol, subtype, channel: 0, num: 0, aux: text };
    }),
    excluded,
  };
}

/** Returns whether a reviewer has set or confirmed a label. */
export function isReviewed({ flags }: Pick<Label, "flags">): boolean {
  return (flags & REVIEWED_FLAG) !== 0;
}

/** Returns whether a label is a heartbeat that a reviewer has set or confirmed. */
export function isReviewedBeat(label: Pick<Label, "flags" | "symbol">): boolean {
  return isReviewed(label) && isHeartbeat(label.symbol);
}
