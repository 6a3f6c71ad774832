/** Bounds of a percentile interval. */
import type { Interval } from "../../contract/domain/evaluation.ts";

const [LOW, HIGH] = [0.025, 0.975];

/** Returns the bounds that hold 95 % of the values, interpolated linearly between values (scikit-learn and NumPy do the same by default). */
export function percentiles(values: number[]): Interval {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const below = Math.floor(position);
    return sorted[below] + (position - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
  };
  return { low: at(LOW), high: at(HIGH) };
}
