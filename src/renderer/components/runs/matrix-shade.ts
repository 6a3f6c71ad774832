/** Shade of a cell of a confusion matrix. */

/** Percent of the colour above which text on the shade would be hard to read. */
const MAX_SHADE_PERCENT = 42;

/**
 * Returns the percent of the colour in a cell. The square root keeps few errors visible beside many correct
 * predictions.
 * @param share of the true class's beats, 0 to 1
 */
export function shadeOf(share: number): number {
  return MAX_SHADE_PERCENT * Math.sqrt(Math.min(1, Math.max(0, share)));
}
