/** Counts the beats of each type along a recording, for the overview. Pure. */
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";

export interface Density {
  /** Beat types in the order of their bars, from the bottom: the most frequent first. */
  classes: string[];
  /** For each type, beats in each bin. */
  counts: Uint32Array[];
  /** Beats of all types in the fullest bin. */
  max: number;
}

/**
 * Bin b starts at sample ⌊b·length/bins⌋.
 * @param classes types to count; others are ignored
 */
export function beatDensity(
  { samples, symbols, beats }: AnnotationColumns,
  length: number,
  bins: number,
  classes: readonly string[],
): Density {
  const order = new Map(classes.map((symbol, i) => [symbol, i]));
  const counts = classes.map(() => new Uint32Array(bins));
  const totals = new Uint32Array(bins);
  for (let i = 0; i < samples.length; i++) {
    const index = order.get(symbols[i]);
    if (beats[i] !== 1 || index === undefined || samples[i] >= length) continue;
    const bin = Math.floor((samples[i] * bins) / length);
    counts[index][bin]++;
    totals[bin]++;
  }
  return { classes: [...classes], counts, max: totals.reduce((a, b) => Math.max(a, b), 0) };
}
