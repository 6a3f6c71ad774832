/**
 * Resampling by a rational factor: polyphase FIR filtering, as SciPy's `resample_poly` (1.x) with its default filter.
 *
 * The filter limits the band before the rate falls (anti-aliasing) and removes the images after it rises: a windowed sinc of
 * 2 · 10 · max(up, down) + 1 taps, cut-off at the lower of both Nyquist frequencies (−6 dB), Kaiser window with β = 5
 * (about 53 dB of stop-band attenuation), unity gain at 0 Hz. Its phase is zero: R-peaks stay where they are.
 */

/** Half the taps of the filter, in samples of the lower rate. */
const HALF_LENGTH = 10;
const KAISER_BETA = 5;
/** Largest factor: filters stay below 82,000 taps. A ratio of rates that needs more is approximated. */
const MAX_FACTOR = 4096;

/** New rate / old rate = up / down, in lowest terms. */
export interface Ratio {
  up: number;
  down: number;
}

/** Names the filter, for reports. */
export const RESAMPLING_FILTER = "polyphase FIR, Kaiser window β = 5, 10 samples of the lower rate on each side";

/**
 * Returns the ratio of two sampling rates; the nearest one with factors up to 4096 where theirs is finer.
 * @throws RangeError for a rate that is not above 0
 */
export function ratioOfRates(from: number, to: number): Ratio {
  const exact = to / from;
  if (!(from > 0) || !(to > 0) || !Number.isFinite(exact)) throw new RangeError("A sampling rate is above 0.");
  // Convergents of the continued fraction.
  let [up, down, previousUp, previousDown] = [Math.floor(exact), 1, 1, 0];
  let rest = exact - up;
  while (up !== exact * down && rest > 1e-12) {
    const next = Math.floor(1 / rest);
    const [nextUp, nextDown] = [next * up + previousUp, next * down + previousDown];
    if (nextUp > MAX_FACTOR || nextDown > MAX_FACTOR) break;
    [previousUp, previousDown, up, down] = [up, down, nextUp, nextDown];
    rest = 1 / rest - next;
  }
  if (up === 0) throw new RangeError(`A rate of ${from} Hz can't be resampled to ${to} Hz.`);
  return { up, down };
}

/** Returns the number of samples after resampling: ⌈length · up / down⌉. */
export function resampledLength(length: number, { up, down }: Ratio): number {
  return Math.ceil((length * up) / down);
}

/** Returns a sample number after resampling, the nearest one. */
export function resampledPosition(sample: number, { up, down }: Ratio): number {
  return Math.round((sample * up) / down);
}

/**
 * Resamples a signal. Beyond its ends, the signal counts as 0: remove an offset first.
 * @param ratio in lowest terms
 */
export function resample(signal: ArrayLike<number>, ratio: Ratio): Float64Array {
  const { up, down } = ratio;
  if (up === 1 && down === 1) return Float64Array.from(signal);
  const { taps, half } = lowPass(ratio);
  const phases = phasesOf(taps, up);
  const out = new Float64Array(resampledLength(signal.length, ratio));
  for (let n = 0; n < out.length; n++) {
    // Position in the upsampled signal whose last tap is 0: the centre of the filter lies on n · down.
    const position = n * down + half;
    const phase = phases[position % up];
    const newest = Math.floor(position / up);
    const first = Math.max(0, newest - signal.length + 1);
    const last = Math.min(phase.length - 1, newest);
    let sum = 0;
    for (let k = first; k <= last; k++) sum += phase[k] * signal[newest - k];
    out[n] = sum;
  }
  return out;
}

/** Returns how many samples of the old rate on each side of an output sample have a part in it. */
export function reachOf({ up, down }: Ratio): number {
  return Math.ceil((HALF_LENGTH * Math.max(up, down)) / up);
}

/** Returns the taps of the anti-aliasing filter, multiplied by `up`, and half their number. */
function lowPass({ up, down }: Ratio): { taps: Float64Array; half: number } {
  const widest = Math.max(up, down);
  const half = HALF_LENGTH * widest;
  const cutoff = 1 / widest;
  const taps = new Float64Array(2 * half + 1);
  let sum = 0;
  for (let i = 0; i < taps.length; i++) {
    const at = i - half;
    const x = Math.PI * cutoff * at;
    const sinc = at === 0 ? 1 : Math.sin(x) / x;
    const ratio = at / half;
    const kaiser = besselI0(KAISER_BETA * Math.sqrt(Math.max(0, 1 - ratio * ratio))) / besselI0(KAISER_BETA);
    taps[i] = cutoff * sinc * kaiser;
    sum += taps[i];
  }
  for (let i = 0; i < taps.length; i++) taps[i] *= up / sum;
  return { taps, half };
}

/** Returns every `up`-th tap from each of the first `up` ones. */
function phasesOf(taps: Float64Array, up: number): Float64Array[] {
  return Array.from({ length: up }, (_, phase) =>
    Float64Array.from({ length: Math.ceil((taps.length - phase) / up) }, (_, k) => taps[phase + k * up]),
  );
}

/** Returns the modified Bessel function of the first kind and order 0, by its power series. */
function besselI0(x: number): number {
  const quarter = (x * x) / 4;
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}
