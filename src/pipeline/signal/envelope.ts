/** The envelope of a signal: what a line over all its samples covers, in as many columns as the screen has. */

export interface SignalEnvelope {
  /** Least and greatest value of each column; NaN where every sample of it is missing (NaN). */
  minima: Float32Array;
  maxima: Float32Array;
}

/**
 * Column c covers samples ⌊c·n/columns⌋ to ⌊(c + 1)·n/columns⌋ − 1.
 * @param signal n samples
 * @param columns at most; there are never more than samples
 */
export function envelopeOf(signal: Float32Array, columns: number): SignalEnvelope {
  const count = Math.min(columns, signal.length);
  const minima = new Float32Array(count).fill(Number.NaN);
  const maxima = new Float32Array(count).fill(Number.NaN);
  for (let column = 0; column < count; column++) {
    const end = Math.floor(((column + 1) * signal.length) / count);
    let least = Infinity;
    let greatest = -Infinity;
    for (let i = Math.floor((column * signal.length) / count); i < end; i++) {
      // A missing sample is neither less nor greater than anything.
      if (signal[i] < least) least = signal[i];
      if (signal[i] > greatest) greatest = signal[i];
    }
    if (least > greatest) continue;
    minima[column] = least;
    maxima[column] = greatest;
  }
  return { minima, maxima };
}
