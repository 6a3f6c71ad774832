/** Medians over a window that slides along a sequence: a sorted window, in which the entering value replaces the leaving one. */

/** Windows around each position: both ends are included, and ascend with the position. */
export interface WindowRanges {
  first: Int32Array;
  last: Int32Array;
}

/**
 * Writes the median of each window to `out`, at the positions of the values.
 * @param sequence `count` values without NaN: every `stride`-th of `values` from `offset` on
 */
export function slidingMedian(
  sequence: { values: Float64Array; offset?: number; stride?: number },
  { first, last }: WindowRanges,
  out: Float64Array,
): void {
  const { values, offset = 0, stride = 1 } = sequence;
  const count = first.length;
  const sorted = new Float64Array(count);
  let size = 0;
  let [from, to] = [0, -1];
  for (let i = 0; i < count; i++) {
    const [nextFrom, nextTo] = [first[i], last[i]];
    while (to < nextTo && from < nextFrom) {
      replace(sorted, size, values[offset + from++ * stride], values[offset + ++to * stride]);
    }
    while (to < nextTo) {
      sorted[size] = Infinity;
      replace(sorted, ++size, Infinity, values[offset + ++to * stride]);
    }
    while (from < nextFrom) replace(sorted, size--, values[offset + from++ * stride], Infinity);
    const middle = size >> 1;
    out[offset + i * stride] = size % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}

/** Replaces a value of the sorted window, and moves the values between. */
function replace(sorted: Float64Array, size: number, leaving: number, entering: number): void {
  let [low, high] = [0, size - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < leaving) low = middle + 1;
    else high = middle;
  }
  let at = low;
  while (at > 0 && sorted[at - 1] > entering) {
    sorted[at] = sorted[at - 1];
    at--;
  }
  while (at < size - 1 && sorted[at + 1] < entering) {
    sorted[at] = sorted[at + 1];
    at++;
  }
  sorted[at] = entering;
}
