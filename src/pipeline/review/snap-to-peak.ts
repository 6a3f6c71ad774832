/** Finds the R-peak next to a click. Pure. */

/** A click up to this far from a peak belongs to it: half of the shortest RR interval. */
const SNAP_SECONDS = 0.1;
/** The level that a peak rises from is the median of this long around the click: three times a wide QRS complex. */
const LEVEL_SECONDS = 0.5;

/** Samples of all leads around a click. */
export interface SnapInput {
  /** Physical values of each lead, from sample `from`; NaN: missing. */
  signals: readonly Float32Array[];
  from: number;
  /** Sampling rate in Hz. */
  rate: number;
}

/** Samples that {@link snapToPeak} reads before and after a click. */
export function snapReach(rate: number): number {
  return Math.ceil((LEVEL_SECONDS / 2) * rate);
}

/** Returns the sample near a click that deviates most from the level around it, summed over all leads. */
export function snapToPeak({ signals, from, rate }: SnapInput, sample: number): number {
  const length = Math.max(0, ...signals.map((signal) => signal.length));
  const deviation = new Float64Array(length);
  for (const signal of signals) {
    const sorted = signal.filter((value) => !Number.isNaN(value)).sort();
    const level = sorted[sorted.length >> 1] ?? 0;
    for (const [i, value] of signal.entries()) if (!Number.isNaN(value)) deviation[i] += Math.abs(value - level);
  }
  const reach = Math.round(SNAP_SECONDS * rate);
  let best = sample;
  for (let at = Math.max(from, sample - reach); at <= Math.min(from + length - 1, sample + reach); at++) {
    if (deviation[at - from] > (deviation[best - from] ?? 0)) best = at;
  }
  return best;
}
