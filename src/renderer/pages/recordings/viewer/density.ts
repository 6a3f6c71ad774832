/** How dense the beats of each class lie over a record: what the overview shows. Pure. */
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";

export interface Density {
  /** Classes in the order of their bars, from the ground up: the most frequent first. */
  classes: string[];
  /** By class, beats in each bin. */
  counts: Uint32Array[];
  /** Beats of all classes in the fullest bin. */
  most: number;
}

/**
 * Bin b covers samples ⌊b·length/bins⌋ on.
 * @param classes which to count; others are left out
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
    const place = order.get(symbols[i]);
    if (beats[i] !== 1 || place === undefined || samples[i] >= length) continue;
    const bin = Math.floor((samples[i] * bins) / length);
    counts[place][bin]++;
    totals[bin]++;
  }
  return { classes: [...classes], counts, most: totals.reduce((a, b) => Math.max(a, b), 0) };
}
