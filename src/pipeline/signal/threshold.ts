/** Wavelet shrinkage: noise level, universal threshold, soft and hard thresholding (Donoho & Johnstone 1994). */
import { medianInPlace } from "./median.ts";

/** Median absolute value of normal noise with standard deviation 1, with the usual four digits. */
const NORMAL_MEDIAN_ABSOLUTE = 0.6745;

/**
 * Returns the standard deviation of the noise, from the finest details: median|cD1| / 0.6745; NaN for a coefficient
 * that is not finite.
 * @param scratch overwritten; at least as long as `detail`
 */
export function noiseLevel(detail: Float64Array, scratch: Float64Array): number {
  const count = detail.length;
  for (let k = 0; k < count; k++) {
    const magnitude = Math.abs(detail[k]);
    if (!(magnitude < Infinity)) return Number.NaN;
    scratch[k] = magnitude;
  }
  return medianInPlace(scratch, count) / NORMAL_MEDIAN_ABSOLUTE;
}

/** Returns σ√(2 ln n) for a signal of n samples. */
export function universalThreshold(noise: number, length: number): number {
  return noise * Math.sqrt(2 * Math.log(length));
}

/**
 * Shrinks every value towards 0 by `threshold`, in place; values within it become 0.
 * @returns number of values that are not 0
 */
export function softThreshold(values: Float64Array, threshold: number): number {
  let kept = 0;
  for (let k = 0; k < values.length; k++) {
    const value = values[k] - Math.max(-threshold, Math.min(threshold, values[k]));
    values[k] = value;
    kept += Number(value !== 0);
  }
  return kept;
}

/**
 * Sets every value with a magnitude below `threshold` to 0, in place; the others do not change.
 * @returns number of values that are not 0
 */
export function hardThreshold(values: Float64Array, threshold: number): number {
  let kept = 0;
  for (let k = 0; k < values.length; k++) {
    if (Math.abs(values[k]) < threshold) values[k] = 0;
    if (values[k] !== 0) kept++;
  }
  return kept;
}
