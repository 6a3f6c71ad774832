/** Keeps the names at the ends of two lines apart where the lines end side by side. */

/** Of the height of a chart, below which two names would touch. */
const TOO_NEAR = 0.09;
/** In pixels: half a name's height. */
const APART = 7;

/**
 * @param ends where each line ends; NaN: it has no point
 * @param range lowest and highest that the chart shows
 * @returns pixels by which each name is moved down
 */
export function endOffsets(ends: readonly number[], [lowest, highest]: readonly [number, number]): number[] {
  const height = Math.max(highest - lowest, Number.MIN_VALUE);
  return ends.map((end, i) => {
    const near = ends.filter((other, j) => j !== i && Math.abs(other - end) / height < TOO_NEAR);
    if (near.length === 0) return 0;
    const isBelow = near.some((other) => end < other || (end === other && ends.indexOf(other) < i));
    return isBelow ? APART : -APART;
  });
}
