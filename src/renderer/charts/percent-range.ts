/** Range of an axis of percentages: round, around the values, and within 0 to 100 %. */

export interface PercentRange {
  min: number;
  max: number;
  /** Distance of two ticks. */
  interval: number;
}

const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20];
const MAX_TICKS = 6;

/** Returns the range of the values; 0 to 100 % without values. A chart's own rounding may end at 102 %. */
export function percentRange(values: readonly number[]): PercentRange {
  const known = values.filter((value) => Number.isFinite(value));
  if (known.length === 0) return { min: 0, max: 100, interval: 20 };
  const [low, high] = known.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [100, 0]);
  const interval = steps.find((step) => (high - low) / step <= MAX_TICKS - 1) ?? 20;
  const min = Math.max(0, interval * Math.floor(low / interval));
  const max = Math.min(100, interval * Math.ceil(high / interval));
  // One value: an axis needs two ends.
  if (min === max) return min === 0 ? { min, max: interval, interval } : { min: min - interval, max, interval };
  return { min: rounded(min), max: rounded(max), interval };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
