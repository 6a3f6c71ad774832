/** Wavelet shrinkage: noise level, universal threshold, soft and hard thresholding (Donoho & Johnstone 1994). */
import { medianInPlace } from "./median.ts";

/** Median absolute value of normal noise with standard deviation 1, to the four places the field uses. */
const NORMAL_MEDIAN_ABSOLUTE = 0.6745;

/**
 * Standard deviation of the noise, from the finest details: median|cD1| / 0.6745.
 * @param scratch overwritten; as long as `detail`, or longer
 * @returns NaN where a coefficient is not finite
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

/** σ√(2 ln n) for a signal of n samples. */
export function universalThreshold(noise: number, length: number): number {
  return noise * Math.sqrt(2 * Math.log(length));
}

/**
 * Pulls every value towards 0 by `threshold`, in place; what is within it becomes 0.
 * @returns how many values are not 0
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
 * Sets every value with a magnitude under `threshold` to 0, in place; the others stay.
 * @returns how many values are not 0
 */
export function hardThreshold(values: Float64Array, threshold: number): number {
  let kept = 0;
  for (let k = 0; k < values.length; k++) {
    if (Math.abs(values[k]) < threshold) values[k] = 0;
    if (values[k] !== 0) kept++;
  }
  return kept;
}
