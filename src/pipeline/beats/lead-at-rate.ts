/** A lead at the sampling rate of a preparation. */
import { missingSampleOf, MISSING_WIDE_SAMPLE, type Signal } from "../../contract/domain/recordings.ts";
import { ratioOfRates, reachOf, resample } from "../signal/resample.ts";

/** Largest digital value of a resampled lead: its values are rounded to a fraction of a unit of the recorder. */
const LARGEST_VALUE = 2 ** 29;

/**
 * Returns a lead at another rate; the same lead where it has that rate already. The mean is removed before resampling and
 * added again, so that an offset has no edges at both ends. A sample is missing where a missing one has a part in it.
 */
export function leadAtRate(signal: Signal, rate: number): Signal {
  if (signal.rate === rate) return signal;
  const ratio = ratioOfRates(signal.rate, rate);
  const { samples, gain, baseline } = signal;
  const missing = missingSampleOf(samples);
  const { mean, gaps } = meanAndGaps(samples, missing);
  const values = resample(
    Float64Array.from(samples, (sample) => (sample === missing ? 0 : sample - mean)),
    ratio,
  );
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), Math.abs(mean - baseline) + 1);
  const factor = 2 ** Math.floor(Math.log2(LARGEST_VALUE / most));
  const shift = mean - baseline;
  const resampled = Int32Array.from(values, (value) => Math.round((value + shift) * factor));
  const reach = reachOf(ratio);
  for (const [from, to] of gaps) {
    const first = Math.max(0, Math.ceil(((from - reach) * ratio.up) / ratio.down));
    const last = Math.floor(((to - 1 + reach) * ratio.up) / ratio.down);
    resampled.fill(MISSING_WIDE_SAMPLE, first, last + 1);
  }
  return { ...signal, rate, samples: resampled, gain: gain * factor, baseline: 0 };
}

/** Returns the mean of the samples, and the ranges of missing ones. */
function meanAndGaps(
  samples: Signal["samples"],
  missing: number,
): { mean: number; gaps: [from: number, to: number][] } {
  const gaps: [number, number][] = [];
  let [sum, count, gapFrom] = [0, 0, -1];
  for (let i = 0; i < samples.length; i++) {
    if (samples[i] === missing) {
      if (gapFrom === -1) gapFrom = i;
      continue;
    }
    if (gapFrom !== -1) gaps.push([gapFrom, i]);
    gapFrom = -1;
    sum += samples[i];
    count++;
  }
  if (gapFrom !== -1) gaps.push([gapFrom, samples.length]);
  return { mean: count === 0 ? 0 : sum / count, gaps };
}
