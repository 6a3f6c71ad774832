/**
 * Time-domain heart rate variability of NN intervals. Pure.
 *
 * Source: Task Force of the ESC and NASPE, _Heart rate variability: standards of measurement, physiological
 * interpretation, and clinical use_, Circulation 93 (1996), 1043–1065. An NN interval lies between two successive beats
 * that the sinus node has conducted. SD1 and SD2: M. Brennan, M. Palaniswami, P. Kamen, _Do existing measures of Poincaré
 * plot geometry reflect nonlinear features of heart rate variability?_, IEEE Transactions on Biomedical Engineering 48
 * (2001), 1342–1347. Artefacts are left out, never replaced: intervals outside of 0.3–2 s, and those that differ by more
 * than `nnChange` from the NN interval right before them (M. Malik et al., _Heart rate variability in relation to
 * prognosis after myocardial infarction: selection of optimal processing techniques_, European Heart Journal 10 (1989),
 * 1060–1074: 20 %).
 */
import type { RateVariability } from "../../../contract/domain/recording-report.ts";
import type { BeatTrain, Range } from "./beat-train.ts";

/** Limits of an NN interval, in s. */
const MIN_NN_S = 0.3;
const MAX_NN_S = 2;
/** Bin of the triangular index, in s: 1/128 (Task Force). */
const TRIANGULAR_BIN_S = 1 / 128;
/** A segment counts where half of it has accepted intervals. */
const SEGMENT_S = 300;
const MIN_SEGMENT_S = SEGMENT_S / 2;
/** Difference that pNN50 counts, in s. */
const PNN_DIFFERENCE_S = 0.05;

export interface VariabilityOptions {
  /** Largest change from the preceding NN interval, in %; 0: any. */
  nnChange: number;
  /** Episodes of rhythms that the sinus node does not lead, in order of time. */
  otherRhythms: readonly Range[];
}

/** Returns the variability; null where fewer than two differences of successive NN intervals are left. */
export function rateVariability(train: BeatTrain, options: VariabilityOptions): RateVariability | null {
  const { accepted, excluded } = acceptedIntervals(train, options);
  const values: number[] = [];
  const pairs: [number, number][] = [];
  accepted.forEach((interval, i) => {
    if (Number.isNaN(interval)) return;
    values.push(interval);
    if (i > 0 && !Number.isNaN(accepted[i - 1])) pairs.push([accepted[i - 1], interval]);
  });
  if (pairs.length < 2) return null;
  const differences = pairs.map(([one, next]) => next - one);
  const segments = segmentsOf(train, accepted);
  return {
    intervals: values.length,
    excluded,
    meanNn: 1000 * meanOf(values),
    sdnn: 1000 * deviationOf(values),
    rmssd: 1000 * Math.sqrt(meanOf(differences.map((difference) => difference * difference))),
    pnn50: meanOf(differences.map((difference) => (Math.abs(difference) > PNN_DIFFERENCE_S ? 1 : 0))),
    triangularIndex: triangularIndex(values),
    sdann: segments.length < 2 ? null : 1000 * deviationOf(segments.map(meanOf)),
    sdnnIndex: segments.length < 2 ? null : 1000 * meanOf(segments.map(deviationOf)),
    sd1: 1000 * deviationOf(differences.map((difference) => difference / Math.SQRT2)),
    sd2: 1000 * deviationOf(pairs.map(([one, next]) => (one + next) / Math.SQRT2)),
  };
}

/** Returns the NN interval before each beat; NaN where there is none, or an artefact. */
function acceptedIntervals(
  { intervals, sinus, samples }: BeatTrain,
  { nnChange, otherRhythms }: VariabilityOptions,
): { accepted: Float64Array; excluded: number } {
  const accepted = new Float64Array(intervals.length).fill(Number.NaN);
  let [excluded, before, next] = [0, Number.NaN, 0];
  for (let i = 1; i < intervals.length; i++) {
    while (next < otherRhythms.length && otherRhythms[next].to <= samples[i - 1]) next++;
    const otherRhythm = next < otherRhythms.length && otherRhythms[next].from < samples[i];
    const isNn = sinus[i - 1] === 1 && sinus[i] === 1 && !Number.isNaN(intervals[i]) && !otherRhythm;
    if (!isNn) {
      before = Number.NaN;
      continue;
    }
    const interval = intervals[i];
    const changed = nnChange > 0 && Math.abs(interval - before) > (nnChange / 100) * before;
    if (interval < MIN_NN_S || interval > MAX_NN_S || changed) excluded++;
    else accepted[i] = interval;
    before = interval;
  }
  return { accepted, excluded };
}

/** Returns the accepted intervals of each segment of five minutes that has enough of them. */
function segmentsOf({ samples, rate }: BeatTrain, accepted: Float64Array): number[][] {
  const segments = new Map<number, number[]>();
  accepted.forEach((interval, i) => {
    if (Number.isNaN(interval)) return;
    const segment = Math.floor(samples[i] / rate / SEGMENT_S);
    const values = segments.get(segment);
    if (values) values.push(interval);
    else segments.set(segment, [interval]);
  });
  return [...segments.values()].filter((values) => values.reduce((sum, value) => sum + value, 0) >= MIN_SEGMENT_S);
}

function triangularIndex(values: readonly number[]): number {
  const bins = new Map<number, number>();
  for (const value of values) {
    const bin = Math.floor(value / TRIANGULAR_BIN_S);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  return values.length / Math.max(...bins.values());
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns the standard deviation of a sample (n − 1). */
function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
