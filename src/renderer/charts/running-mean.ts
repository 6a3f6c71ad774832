/** A noisy curve made readable: the mean over a stretch around each point, with the steps that each point stands for. */

/**
 * @param half points to each side; near the ends there are fewer, the same on both sides
 * @returns as many values as there are points
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
