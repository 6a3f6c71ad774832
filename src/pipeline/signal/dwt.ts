/**
 * Discrete wavelet transform and its inverse, one level or many, with half-sample symmetric extension: PyWavelets'
 * `dwt`, `idwt`, `wavedec` and `waverec` with `mode="symmetric"`, to rounding.
 */
import type { FilterBank } from "./daubechies.ts";
import { addDetail, analyse, coefficientLength, extendSymmetric, paddedBuffer, synthesise } from "./filter-bank.ts";

/** Coefficients of one level: both of ⌊(n + taps − 1) / 2⌋ values. */
export interface DwtLevel {
  approximation: Float64Array;
  detail: Float64Array;
}

/** Coefficients of several levels. */
export interface WaveletDecomposition {
  /** cA of the last level. */
  approximation: Float64Array;
  /** cD1, the finest, first. */
  details: Float64Array[];
}

/** @throws RangeError for a signal without samples */
export function dwt(signal: Float64Array, bank: FilterBank): DwtLevel {
  if (signal.length === 0) throw new RangeError("dwt: the signal has no samples");
  const padded = paddedBuffer(signal.length, bank.taps);
  padded.set(signal, bank.taps - 1);
  extendSymmetric(padded, signal.length, bank.taps);
  const count = coefficientLength(signal.length, bank.taps);
  const approximation = new Float64Array(count);
  const detail = new Float64Array(count);
  analyse(padded, bank, count, approximation, 0, detail);
  return { approximation, detail };
}

/**
 * @returns 2 × coefficients − taps + 2 samples: those that {@link dwt} was given, and one more where their number was odd
 * @throws RangeError where the halves differ in length, or have fewer than taps / 2 coefficients
 */
export function idwt({ approximation, detail }: DwtLevel, bank: FilterBank): Float64Array {
  const count = detail.length;
  if (approximation.length !== count)
    throw new RangeError(`idwt: ${approximation.length} approximation and ${count} detail coefficients`);
  if (count < bank.taps / 2) throw new RangeError(`idwt: ${count} coefficients for a filter of ${bank.taps} taps`);
  const signal = new Float64Array(2 * count - bank.taps + 2);
  synthesise(approximation, 0, count, bank, signal, 0);
  addDetail(detail, count, bank, signal, 0);
  return signal;
}

/**
 * @param levels 0 and up; those beyond log₂(n / (taps − 1)) see little but the extension, and are defined all the same
 * @throws RangeError for a signal without samples, or levels that are no whole number
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
 * @returns the samples that {@link wavedec} was given, and one more where their number was odd
 * @throws RangeError where the lengths of the levels don't follow from one another
 */
export function waverec({ approximation, details }: WaveletDecomposition, bank: FilterBank): Float64Array {
  return details.reduceRight((coarse, detail) => {
    // An odd length comes back one longer: the level below says how long it was.
    const fitting = coarse.length === detail.length + 1 ? coarse.subarray(0, detail.length) : coarse;
    return idwt({ approximation: fitting, detail }, bank);
  }, approximation.slice());
}
