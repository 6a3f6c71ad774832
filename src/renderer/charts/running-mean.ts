/** Smooths a noisy curve: the mean over a window around each point, weighted by the steps that each point covers. */

/**
 * @param half points to each side; fewer near the ends, the same number on both sides
 * @returns one value for each point
 */
export function runningMean(values: readonly number[], counts: readonly number[], half: number): number[] {
  const sums = [0];
  const weights = [0];
  for (let i = 0; i < values.length; i++) {
    sums.push(sums[i] + values[i] * counts[i]);
    weights.push(weights[i] + counts[i]);
  }
  return values.map((_, i) => {
    const reach = Math.min(half, i, values.length - 1 - i);
    return (sums[i + reach + 1] - sums[i - reach]) / (weights[i + reach + 1] - weights[i - reach]);
  });
}
