/** Layout of the drawing, in CSS pixels. Pure. */

/** Width left of the trace, for the lead's name and the calibration mark. */
export const GUTTER = 58;
/** Heights above the trace: rhythm changes and remarks, then beats. */
export const REMARKS = 18;
export const SYMBOLS = 24;
/** Height below the trace, for the time. */
export const CLOCK = 22;

export interface Lane {
  top: number;
  bottom: number;
  middle: number;
}

/** Returns the lanes of the leads, one below the other, with equal heights. */
export function lanesOf(height: number, leads: number): Lane[] {
  const top = REMARKS + SYMBOLS;
  const each = Math.max(0, height - CLOCK - top) / leads;
  return Array.from({ length: leads }, (_, i) => ({
    top: top + i * each,
    bottom: top + (i + 1) * each,
    middle: top + (i + 0.5) * each,
  }));
}

/** Width of a symbol. */
const SYMBOL_WIDTH_PX = 13;

/**
 * Selects the beats whose symbol is drawn where not all fit: the rarer types before the most frequent type.
 * @param xs positions of the beats, ascending @param rare whether each beat is of a rarer type
 */
export function labelled(xs: readonly number[], rare: readonly boolean[]): boolean[] {
  const shown = xs.map(() => false);
  const assign = (isRare: boolean): void => {
    // The nearest drawn symbols to the left and to the right.
    let last = -Infinity;
    let right = 0;
    for (let i = 0; i < xs.length; i++) {
      if (shown[i]) {
        last = xs[i];
        continue;
      }
      if (rare[i] !== isRare || xs[i] - last < SYMBOL_WIDTH_PX) continue;
      for (right = Math.max(right, i + 1); right < xs.length && !shown[right];) right++;
      if (right < xs.length && xs[right] - xs[i] < SYMBOL_WIDTH_PX) continue;
      shown[i] = true;
      last = xs[i];
    }
  };
  assign(true);
  assign(false);
  return shown;
}
