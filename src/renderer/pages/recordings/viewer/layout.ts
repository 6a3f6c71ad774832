/** Where on the drawing things stand, in CSS pixels. Pure. */

/** Left of the trace: the lead's name and the mark of 1 mV. */
export const GUTTER = 58;
/** Above it: rhythm changes and remarks, then beats. */
export const REMARKS = 18;
export const SYMBOLS = 24;
/** Under it: the time. */
export const CLOCK = 22;

export interface Lane {
  top: number;
  bottom: number;
  middle: number;
}

/** Leads below one another, each with the same room. */
export function lanesOf(height: number, leads: number): Lane[] {
  const top = REMARKS + SYMBOLS;
  const each = Math.max(0, height - CLOCK - top) / leads;
  return Array.from({ length: leads }, (_, i) => ({
    top: top + i * each,
    bottom: top + (i + 1) * each,
    middle: top + (i + 0.5) * each,
  }));
}

/** Room that a symbol needs, in pixels. */
const SYMBOL = 13;

/**
 * Which of the beats in view get their symbol written, where all would not fit: the rarer classes before the most frequent one.
 * @param xs of beats, in order @param rare whether each is of a rarer class
 */
export function labelled(xs: readonly number[], rare: readonly boolean[]): boolean[] {
  const shown = xs.map(() => false);
  const place = (wanted: boolean): void => {
    // Of those shown already, the one to the left, and the next to the right.
    let last = -Infinity;
    let right = 0;
    for (let i = 0; i < xs.length; i++) {
      if (shown[i]) {
        last = xs[i];
        continue;
      }
      if (rare[i] !== wanted || xs[i] - last < SYMBOL) continue;
      for (right = Math.max(right, i + 1); right < xs.length && !shown[right];) right++;
      if (right < xs.length && xs[right] - xs[i] < SYMBOL) continue;
      shown[i] = true;
      last = xs[i];
    }
  };
  place(true);
  place(false);
  return shown;
}
