/** RR intervals, pauses and heart rate of a recording. Pure. */
import { PAUSE_SECONDS, type HeartRateTrend, type RrIntervals } from "../../contract/domain/rhythm.ts";

interface Range {
  from: number;
  to: number;
}

/**
 * Returns the intervals between successive heartbeats. Flutter has no single beats: intervals that reach into it are left out.
 * @param beats samples of the heartbeats, ascending @param rate in Hz @param flutter in order of time
 */
export function rrIntervals(beats: Uint32Array, rate: number, flutter: readonly Range[]): RrIntervals {
  const samples: number[] = [];
  const seconds: number[] = [];
  let next = 0;
  for (let i = 1; i < beats.length; i++) {
    const [from, to] = [beats[i - 1], beats[i]];
    while (next < flutter.length && flutter[next].to <= from) next++;
    if (to === from || (next < flutter.length && flutter[next].from < to)) continue;
    samples.push(to);
    seconds.push((to - from) / rate);
  }
  return { samples: Uint32Array.from(samples), seconds: Float32Array.from(seconds) };
}

/** Returns the intervals longer than {@link PAUSE_SECONDS}. */
export function findPauses({ samples, seconds }: RrIntervals, rate: number): Range[] {
  const pauses: Range[] = [];
  seconds.forEach((interval, i) => {
    if (interval > PAUSE_SECONDS) pauses.push({ from: samples[i] - Math.round(interval * rate), to: samples[i] });
  });
  return pauses;
}

/** Shortest bin of the trend on the screen, in s, and largest number of bins. */
const MIN_BIN_S = 10;
const MAX_BINS = 1440;

/**
 * Returns the heart rate in bins; an interval belongs to the bin in which it ends.
 * @param duration of the recording, in s @param minBinSeconds shortest bin, in s
 */
export function heartRateTrend(
  { samples, seconds }: { samples: Uint32Array; seconds: Float32Array | Float64Array },
  rate: number,
  duration: number,
  minBinSeconds = MIN_BIN_S,
): HeartRateTrend {
  const binSeconds = Math.max(minBinSeconds, Math.ceil(duration / MAX_BINS));
  const bins = Math.max(1, Math.ceil(duration / binSeconds));
  const sums = new Float64Array(bins);
  const counts = new Uint32Array(bins);
  const lowest = new Float32Array(bins).fill(Number.NaN);
  const highest = new Float32Array(bins).fill(Number.NaN);
  seconds.forEach((interval, i) => {
    if (Number.isNaN(interval)) return;
    const bin = Math.min(bins - 1, Math.floor(samples[i] / rate / binSeconds));
    const bpm = 60 / interval;
    sums[bin] += interval;
    counts[bin]++;
    if (!(lowest[bin] <= bpm)) lowest[bin] = bpm;
    if (!(highest[bin] >= bpm)) highest[bin] = bpm;
  });
  const mean = Float32Array.from(sums, (sum, bin) => (counts[bin] === 0 ? Number.NaN : (60 * counts[bin]) / sum));
  return { binSeconds, mean, lowest, highest };
}
