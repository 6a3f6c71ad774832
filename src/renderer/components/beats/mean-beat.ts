/** Mean of beats that are aligned at their R-peaks. */

/** Returns the mean of each sample; null without beats. */
export function meanBeat(beats: readonly Float32Array[]): Float32Array | null {
  if (beats.length === 0) return null;
  const mean = new Float64Array(beats[0].length);
  for (const beat of beats) for (let i = 0; i < mean.length; i++) mean[i] += beat[i];
  return Float32Array.from(mean, (sum) => sum / beats.length);
}
