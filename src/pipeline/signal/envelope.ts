/** The envelope of a signal: the area that a line through all samples covers, in the screen's columns. */

export interface SignalEnvelope {
  /** Minimum and maximum of each column; NaN for a column of missing samples. */
  minima: Float32Array;
  maxima: Float32Array;
}

/**
 * Computes the envelope. Column c covers samples ⌊c·n/columns⌋ to ⌊(c + 1)·n/columns⌋ − 1.
 * @param signal n samples
 * @param columns maximum number of columns; there are never more columns than samples
 * @param missing value of a missing sample
 */
export function envelopeOf(
  signal: Float32Array | Int32Array | Int16Array,
  columns: number,
  missing = Number.NaN,
): SignalEnvelope {
  const count = Math.min(columns, signal.length);
  const minima = new Float32Array(count).fill(Number.NaN);
  const maxima = new Float32Array(count).fill(Number.NaN);
  for (let column = 0; column < count; column++) {
    const end = Math.floor(((column + 1) * signal.length) / count);
    let least = Infinity;
    let greatest = -Infinity;
    for (let i = Math.floor((column * signal.length) / count); i < end; i++) {
      const value = signal[i];
      if (value === missing) continue;
      // Comparisons with NaN are false.
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    if (least > greatest) continue;
    minima[column] = least;
    maxima[column] = greatest;
  }
  return { minima, maxima };
}
