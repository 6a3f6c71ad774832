/** How strongly a cell of a confusion matrix is shaded. */

/** Above it, ink on the shade would be hard to read. In percent of the colour. */
const STRONGEST = 42;

/**
 * @param share of the true class's beats, 0 to 1
 * @returns percent of the colour in the cell; the root lets few errors be seen beside many right answers
 */
export function shadeOf(share: number): number {
  return STRONGEST * Math.sqrt(Math.min(1, Math.max(0, share)));
}
