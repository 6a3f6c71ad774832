/** Layout of the drawing, in CSS pixels. Pure. */

/** Width left of the trace, for the lead's name and the calibration mark. */
export const GUTTER = 58;
/** Heights of the rows above the trace: rhythm episodes, remarks and noise, symbols of the beats. */
export const RHYTHM = 18;
export const REMARKS = 16;
export const SYMBOLS = 26;
/** Height of all rows above the trace. */
export const HEAD = RHYTHM + REMARKS + SYMBOLS;
/** Height below the trace, for the time. */
export const CLOCK = 22;

export interface Lane {
  top: number;
  bottom: number;
  middle: number;
}

/** Returns the lanes of the leads, one below the other, with equal heights. */
export function lanesOf(height: number, leads: number): Lane[] {
  const each = Math.max(0, height - CLOCK - HEAD) / leads;
  return Array.from({ length: leads }, (_, i) => ({
    top: HEAD + i * each,
    bottom: HEAD + (i + 1) * each,
    middle: HEAD + (i + 0.5) * each,
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
