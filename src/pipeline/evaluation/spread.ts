/** Mean and sample standard deviation (n − 1) of repeats. */
import type { Spread } from "../../contract/domain/comparison.ts";

/** Returns both; null where there are too few values. */
export function spread(values: readonly number[]): Spread {
  const n = values.length;
  if (n === 0) return { n, mean: null, deviation: null };
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, deviation: n < 2 ? null : Math.sqrt(squares / (n - 1)) };
}
