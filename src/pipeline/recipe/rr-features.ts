/** RR intervals of a recording's beats as logarithms of ratios, and measures of their irregularity. */
import { medianInPlace } from "../signal/median.ts";
import type { BeatRanges } from "./beat-ranges.ts";
import { mean } from "./rows.ts";

/** Shortest RR interval, in s: two annotations of one beat have a finite logarithm. */
const MIN_RR_S = 0.15;
/** Causal: RR interval before the first beat, in s. */
const UNKNOWN_RR_S = 0.8;
/** RR intervals whose median stands for the missing one before the first beat, and after the last. */
const END_INTERVALS = 10;
/** Change of ln RR that counts as irregular. */
const IRREGULAR_CHANGE = 0.1;

export interface RrFeatures {
  /** Values of each feature by its name. */
  features: Map<string, Float64Array>;
  /** ln(RR before / mean of RR within ±30 beats), which {@link contextFeatures} counts. */
  overLocalMean: Float64Array;
}

/** Computes the RR features. @param peaks aligned R-peaks @param rate in Hz */
export function rrFeatures(peaks: Int32Array, rate: number, ranges: BeatRanges): RrFeatures {
  const { count, isCausal } = ranges;
  const { before, after } = intervals(peaks, rate);
  if (isCausal) before[0] = UNKNOWN_RR_S;
  const previous = Float64Array.from(before, (_, beat) => before[Math.max(0, beat - 1)]);
  const next = Float64Array.from(after, (_, beat) => after[Math.min(count - 1, beat + 1)]);
  const ofRecording = isCausal
    ? ranges.mean(before, ranges.between(count, 0))
    : new Float64Array(count).fill(mean(before, 1, count));
  const local = ranges.mean(before, ranges.around(10));
  const lastTen = ranges.mean(previous, ranges.between(9, 0));
  const logRatio = (over: Float64Array, under: Float64Array): Float64Array =>
    over.map((value, beat) => Math.log(value / under[beat]));
  const features = new Map([
    ["rr_before_mean", logRatio(before, ofRecording)],
    ["rr_before_last10", logRatio(before, lastTen)],
    ["rr_before_local", logRatio(before, local)],
    ["rr_before_previous", logRatio(before, previous)],
    ...irregularity(before.map(Math.log), ranges),
  ]);
  if (!isCausal) {
    features.set("rr_after_mean", logRatio(after, ofRecording));
    features.set("rr_after_local", logRatio(after, local));
    features.set("rr_after_before", logRatio(after, before));
    features.set("rr_next_after", logRatio(next, after));
  }
  return { features, overLocalMean: logRatio(before, ranges.mean(before, ranges.around(30))) };
}

/** Returns the RR intervals before and after each beat, in s. */
function intervals(peaks: Int32Array, rate: number): { before: Float64Array; after: Float64Array } {
  const between = Float64Array.from({ length: peaks.length - 1 }, (_, i) =>
    Math.max(MIN_RR_S, (peaks[i + 1] - peaks[i]) / rate),
  );
  const ends = [between.slice(0, END_INTERVALS), between.slice(-END_INTERVALS)];
  const [first, last] = ends.map((values) => medianInPlace(values, values.length));
  return { before: Float64Array.from([first, ...between]), after: Float64Array.from([...between, last]) };
}

function irregularity(logs: Float64Array, ranges: BeatRanges): [string, Float64Array][] {
  const change = logs.map((value, beat) => Math.abs(value - logs[Math.max(0, beat - 1)]));
  const squares = change.map((value) => value ** 2);
  const median = ranges.median(logs, ranges.around(30));
  const deviation = logs.map((value, beat) => Math.abs(value - median[beat]));
  const isIrregular = change.map((value) => Number(value > IRREGULAR_CHANGE));
  return [
    ["rr_change_rms10", ranges.mean(squares, ranges.around(10)).map(Math.sqrt)],
    ["rr_change_median30", ranges.median(change, ranges.around(30))],
    ["rr_deviation30", ranges.median(deviation, ranges.around(30))],
    ["rr_irregular30", ranges.mean(isIrregular, ranges.around(30))],
    ["rr_change_median100", ranges.median(change, ranges.around(100))],
  ];
}
