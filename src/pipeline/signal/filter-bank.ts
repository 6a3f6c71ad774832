/**
 * One level of the fast wavelet transform (Mallat 1989) on the caller's buffers, without allocations.
 *
 * A signal is in a padded buffer with `taps − 1` samples on either side, which {@link extendSymmetric} fills, so that
 * the convolutions need no special case at the edges. Sums have PyWavelets' order. Inner loops compute four outputs at
 * a time, which makes them fast (bench/denoise.ts).
 */
import type { FilterBank } from "./daubechies.ts";
import type { Analysis, DetailSynthesis, Synthesis } from "./filter-bank-buffers.ts";
import { analyseEightTaps, synthesiseEightTaps } from "./filter-bank-db4.ts";

/**
 * Returns the coefficients of each half after one level over `length` samples: ⌊(length + taps − 1) / 2⌋, as in
 * PyWavelets.
 */
export function coefficientLength(length: number, taps: number): number {
  return Math.floor((length + taps - 1) / 2);
}

/** Returns a buffer for `length` samples, which start at `taps − 1`. */
export function paddedBuffer(length: number, taps: number): Float64Array {
  return new Float64Array(length + 2 * (taps - 1));
}

/**
 * Fills both paddings by half-sample symmetric extension (… x₁ x₀ | x₀ x₁ …), with repeated reflections for a short
 * signal.
 */
export function extendSymmetric(padded: Float64Array, length: number, taps: number): void {
  const first = taps - 1;
  const end = first + length;
  // Both sides are filled together, so that a second reflection reads samples that are already set on the other side.
  for (let k = 0; k < taps - 1; k++) {
    padded[first - 1 - k] = padded[first + k];
    padded[end + k] = padded[end - 1 - k];
  }
}

/** Splits a signal into approximation and detail. */
export function analyse(bank: FilterBank, analysis: Analysis): void {
  const { taps, decompositionLow: low, decompositionHigh: high } = bank;
  if (taps === 8) {
    analyseEightTaps(bank, analysis);
    return;
  }
  const { padded, count, approximation, approximationStart, detail } = analysis;
  let k = 0;
  for (; k + 3 < count; k += 4) {
    // prettier-ignore
    let a0 = 0, a1 = 0, a2 = 0, a3 = 0;
    // prettier-ignore
    let d0 = 0, d1 = 0, d2 = 0, d3 = 0;
    for (let tap = 0; tap < taps; tap++) {
      const l = low[tap];
      const h = high[tap];
      const at = 2 * k + taps - tap;
      const x0 = padded[at];
      const x1 = padded[at + 2];
      const x2 = padded[at + 4];
      const x3 = padded[at + 6];
      a0 += l * x0;
      a1 += l * x1;
      a2 += l * x2;
      a3 += l * x3;
      d0 += h * x0;
      d1 += h * x1;
      d2 += h * x2;
      d3 += h * x3;
    }
    const to = approximationStart + k;
    approximation[to] = a0;
    approximation[to + 1] = a1;
    approximation[to + 2] = a2;
    approximation[to + 3] = a3;
    detail[k] = d0;
    detail[k + 1] = d1;
    detail[k + 2] = d2;
    detail[k + 3] = d3;
  }
  for (; k < count; k++) {
    let a = 0;
    let d = 0;
    for (let tap = 0; tap < taps; tap++) {
      const x = padded[2 * k + taps - tap];
      a += low[tap] * x;
      d += high[tap] * x;
    }
    approximation[approximationStart + k] = a;
    detail[k] = d;
  }
}

/** Reconstructs a signal from its approximation: 2 × count − taps + 2 samples. {@link addDetail} adds the detail. */
export function synthesise(bank: FilterBank, synthesis: Synthesis): void {
  const { taps, reconstructionLow: low } = bank;
  if (taps === 8) {
    synthesiseEightTaps(bank, synthesis);
    return;
  }
  const { approximation, approximationStart, count, signal, signalStart } = synthesis;
  const half = taps / 2;
  const pairs = count - half + 1;
  const newest = approximationStart + half - 1;
  let p = 0;
  for (; p + 3 < pairs; p += 4) {
    // prettier-ignore
    let e0 = 0, e1 = 0, e2 = 0, e3 = 0;
    // prettier-ignore
    let o0 = 0, o1 = 0, o2 = 0, o3 = 0;
    for (let j = 0; j < half; j++) {
      const even = low[2 * j];
      const odd = low[2 * j + 1];
      const at = newest + p - j;
      const x0 = approximation[at];
      const x1 = approximation[at + 1];
      const x2 = approximation[at + 2];
      const x3 = approximation[at + 3];
      e0 += even * x0;
      e1 += even * x1;
      e2 += even * x2;
      e3 += even * x3;
      o0 += odd * x0;
      o1 += odd * x1;
      o2 += odd * x2;
      o3 += odd * x3;
    }
    const to = signalStart + 2 * p;
    signal[to] = e0;
    signal[to + 1] = o0;
    signal[to + 2] = e1;
    signal[to + 3] = o1;
    signal[to + 4] = e2;
    signal[to + 5] = o2;
    signal[to + 6] = e3;
    signal[to + 7] = o3;
  }
  for (; p < pairs; p++) {
    let even = 0;
    let odd = 0;
    for (let j = 0; j < half; j++) {
      const x = approximation[newest + p - j];
      even += low[2 * j] * x;
      odd += low[2 * j + 1] * x;
    }
    signal[signalStart + 2 * p] = even;
    signal[signalStart + 2 * p + 1] = odd;
  }
}

/**
 * Adds the detail to the result of {@link synthesise}. Zeros, which are frequent after thresholding, cost almost
 * nothing.
 */
export function addDetail(
  { taps, reconstructionHigh: high }: FilterBank,
  { detail, count, signal, signalStart }: DetailSynthesis,
): void {
  const half = taps / 2;
  let lastNonZero = -1;
  for (let k = 0; k < count; k++) {
    const newest = detail[k];
    if (newest !== 0) lastNonZero = k;
    const pair = k - half + 1;
    // The pair of samples is a sum over details `pair` to `k`.
    if (pair < 0 || lastNonZero < pair) continue;
    let even = 0;
    let odd = 0;
    for (let j = 0; j < half; j++) {
      const x = detail[k - j];
      even += high[2 * j] * x;
      odd += high[2 * j + 1] * x;
    }
    signal[signalStart + 2 * pair] += even;
    signal[signalStart + 2 * pair + 1] += odd;
  }
}
