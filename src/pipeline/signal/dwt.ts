/**
 * Discrete wavelet transform and its inverse, for one or several levels, with half-sample symmetric extension: equal to
 * PyWavelets' `dwt`, `idwt`, `wavedec` and `waverec` with `mode="symmetric"`, up to rounding.
 */
import type { FilterBank } from "./daubechies.ts";
import { addDetail, analyse, coefficientLength, extendSymmetric, paddedBuffer, synthesise } from "./filter-bank.ts";

/** Coefficients of one level, each of ⌊(n + taps − 1) / 2⌋ values. */
export interface DwtLevel {
  approximation: Float64Array;
  detail: Float64Array;
}

/** Coefficients of several levels. */
export interface WaveletDecomposition {
  /** cA of the last level. */
  approximation: Float64Array;
  /** cD of all levels, the finest (cD1) first. */
  details: Float64Array[];
}

/** Transforms one level. @throws RangeError for a signal without samples */
export function dwt(signal: Float64Array, bank: FilterBank): DwtLevel {
  if (signal.length === 0) throw new RangeError("dwt: the signal has no samples");
  const padded = paddedBuffer(signal.length, bank.taps);
  padded.set(signal, bank.taps - 1);
  extendSymmetric(padded, signal.length, bank.taps);
  const count = coefficientLength(signal.length, bank.taps);
  const approximation = new Float64Array(count);
  const detail = new Float64Array(count);
  analyse(bank, { padded, count, approximation, approximationStart: 0, detail });
  return { approximation, detail };
}

/**
 * Inverts one level.
 * @returns 2 × coefficients − taps + 2 samples: those of {@link dwt}, and one more for an odd number
 * @throws RangeError where the halves differ in length, or have fewer than taps / 2 coefficients
 */
export function idwt({ approximation, detail }: DwtLevel, bank: FilterBank): Float64Array {
  const count = detail.length;
  if (approximation.length !== count)
    throw new RangeError(`idwt: ${approximation.length} approximation and ${count} detail coefficients`);
  if (count < bank.taps / 2) throw new RangeError(`idwt: ${count} coefficients for a filter of ${bank.taps} taps`);
  const signal = new Float64Array(2 * count - bank.taps + 2);
  synthesise(bank, { approximation, approximationStart: 0, count, signal, signalStart: 0 });
  addDetail(bank, { detail, count, signal, signalStart: 0 });
  return signal;
}

/**
 * Transforms several levels.
 * @param levels 0 or more; levels beyond log₂(n / (taps − 1)) depend mostly on the extension, but are defined
 * @throws RangeError for a signal without samples, or a number of levels that is no integer
 */
export function wavedec(signal: Float64Array, bank: FilterBank, levels: number): WaveletDecomposition {
  if (!Number.isInteger(levels) || levels < 0) throw new RangeError(`wavedec: ${levels} levels`);
  let approximation: Float64Array = signal.slice();
  const details = Array.from({ length: levels }, () => {
    const level = dwt(approximation, bank);
    approximation = level.approximation;
    return level.detail;
  });
  return { approximation, details };
}

/**
 * Inverts several levels.
 * @returns the samples of {@link wavedec}, and one more for an odd number
 * @throws RangeError for inconsistent lengths of the levels
 */
export function waverec({ approximation, details }: WaveletDecomposition, bank: FilterBank): Float64Array {
  return details.reduceRight((coarse, detail) => {
    // An odd length is reconstructed with one extra sample: the next finer level has the original length.
    const fitting = coarse.length === detail.length + 1 ? coarse.subarray(0, detail.length) : coarse;
    return idwt({ approximation: fitting, detail }, bank);
  }, approximation.slice());
}
