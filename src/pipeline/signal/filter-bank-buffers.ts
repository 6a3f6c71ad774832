/** Buffers of one level of the fast wavelet transform (filter-bank.ts). */

/** Splits a signal: `count` coefficients of each half. */
export interface Analysis {
  /** Extended signal (`extendSymmetric`). */
  padded: Float64Array;
  /** Coefficients, `coefficientLength` of the signal's length. */
  count: number;
  /** `count` values are written from `approximationStart` on. */
  approximation: Float64Array;
  approximationStart: number;
  /** `count` values are written. */
  detail: Float64Array;
}

/** Reconstructs a signal from its approximation: 2 × count − taps + 2 samples. */
export interface Synthesis {
  /** `count` coefficients from `approximationStart` on. */
  approximation: Float64Array;
  approximationStart: number;
  /** Coefficients, at least taps / 2. */
  count: number;
  /** Samples are written from `signalStart` on; another buffer than `approximation`. */
  signal: Float64Array;
  signalStart: number;
}

/** Adds `count` coefficients of the detail to the signal of a {@link Synthesis}. */
export interface DetailSynthesis {
  detail: Float64Array;
  count: number;
  signal: Float64Array;
  signalStart: number;
}
