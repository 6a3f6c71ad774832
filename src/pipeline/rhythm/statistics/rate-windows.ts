/** Heart rate over windows of successive RR intervals, and its extremes. Pure. */
import type { BeatTrain } from "./beat-train.ts";

/** Successive intervals, from beat `first` to beat `last`. */
export interface RateWindow {
  first: number;
  last: number;
  /** 60 divided by the mean interval, in beats per minute. */
  rate: number;
}

/** Rate of the window that ends at each beat, in beats per minute; NaN where its intervals are too few. */
export interface RateWindows {
  /** Intervals of a window. */
  count: number;
  rates: Float64Array;
}

/**
 * Returns the rate of every window of `count` successive intervals without a break.
 *
 * Holter programs average the lowest and the highest rate over a few intervals, so that one premature beat or one
 * artefact is no extreme; the number differs, and is stated in the report.
 */
export function rateWindows({ intervals }: Pick<BeatTrain, "intervals">, count: number): RateWindows {
  const rates = new Float64Array(intervals.length).fill(Number.NaN);
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
    if (held === count) rates[i] = (60 * count) / sum;
  }
  return { count, rates };
}

/** Returns the time in s that windows cover whose rate a test accepts; time in several windows counts once. */
export function secondsOfWindows(
  { count, rates }: RateWindows,
  { intervals }: Pick<BeatTrain, "intervals">,
  accepts: (rate: number) => boolean,
): number {
  let [seconds, covered] = [0, 0];
  for (let last = count; last < rates.length; last++) {
    if (Number.isNaN(rates[last]) || !accepts(rates[last])) continue;
    for (let i = Math.max(covered + 1, last - count + 1); i <= last; i++) seconds += intervals[i];
    covered = last;
  }
  return seconds;
}

/**
 * Returns the fastest or slowest windows, of which no two share an interval. One scan for each: sorting 100,000 windows
 * takes longer than the other statistics together.
 */
export function extremeWindows({ count, rates }: RateWindows, which: "highest" | "lowest", most: number): RateWindow[] {
  const sign = which === "highest" ? 1 : -1;
  const left = rates.slice();
  const found: RateWindow[] = [];
  while (found.length < most) {
    let best = -1;
    for (let i = 0; i < left.length; i++) {
      if (!Number.isNaN(left[i]) && (best === -1 || sign * left[i] > sign * left[best])) best = i;
    }
    if (best === -1) break;
    found.push({ first: best - count, last: best, rate: rates[best] });
    left.fill(Number.NaN, Math.max(0, best - count + 1), best + count);
  }
  return found;
}
