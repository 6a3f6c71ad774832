/** Keeps the labels at the ends of two lines apart where the lines end close together. */

/** Distance below which two labels would touch, as a fraction of the height of the chart. */
const MIN_DISTANCE = 0.09;
/** Half the height of a label. */
const OFFSET_PX = 7;

/**
 * @param ends y at the end of each line; NaN: the line has no point
 * @param range lowest and highest y of the chart
 * @returns how far each label is moved down, in pixels
 */
export function endOffsets(ends: readonly number[], [lowest, highest]: readonly [number, number]): number[] {
  const height = Math.max(highest - lowest, Number.MIN_VALUE);
  return ends.map((end, i) => {
    const near = ends.filter((other, j) => j !== i && Math.abs(other - end) / height < MIN_DISTANCE);
    if (near.length === 0) return 0;
    const isBelow = near.some((other) => end < other || (end === other && ends.indexOf(other) < i));
    return isBelow ? OFFSET_PX : -OFFSET_PX;
  });
}
