/** Heart rate over windows of successive RR intervals, and its extremes. Pure. */
import type { BeatTrain } from "./beat-train.ts";

/** Successive intervals, from beat `first` to beat `last`. */
export interface RateWindow {
  first: number;
  last: number;
  /** 60 divided by the mean interval, in beats per minute. */
  rate: number;
}

/**
 * Returns the rate of every window of `count` successive intervals without a break, in order of time.
 *
 * Holter programs average the lowest and the highest rate over a few intervals, so that one premature beat or one
 * artefact is no extreme; the number differs, and is stated in the report.
 */
export function rateWindows({ intervals }: Pick<BeatTrain, "intervals">, count: number): RateWindow[] {
  const windows: RateWindow[] = [];
  let [sum, held] = [0, 0];
  for (let i = 1; i < intervals.length; i++) {
    if (Number.isNaN(intervals[i])) {
      [sum, held] = [0, 0];
      continue;
    }
    sum += intervals[i];
    held++;
    if (held > count) {
      sum -= intervals[i - count];
      held = count;
    }
    if (held === count) windows.push({ first: i - count, last: i, rate: (60 * count) / sum });
  }
  return windows;
}

/** Returns the first windows in the given order that share no interval with an earlier one. */
export function separateWindows(ordered: readonly RateWindow[], count: number): RateWindow[] {
  const chosen: RateWindow[] = [];
  for (const window of ordered) {
    if (chosen.length === count) break;
    if (chosen.every(({ first, last }) => window.last <= first || window.first >= last)) chosen.push(window);
  }
  return chosen;
}
