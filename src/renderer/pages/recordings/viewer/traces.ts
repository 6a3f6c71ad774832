/** Draws tiles as the trace of a lead, with about as many points as pixels. Pure. */

/** A range of a lead in columns, with the minimum and maximum of each; the signal itself uses one array for both. */
export interface Stretch {
  /** First sample of the first column, and samples per column. */
  from: number;
  step: number;
  minima: Float32Array;
  maxima: Float32Array;
}

/** The drawing target: a canvas path. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  fillRect(x: number, y: number, width: number, height: number): void;
}

export interface TraceScale {
  /** x of sample 0, and pixels per sample. */
  origin: number;
  pixelsPerSample: number;
  /** y of 0 units, and pixels per unit, upwards; negative for an inverted lead. */
  zero: number;
  pixelsPerUnit: number;
  /** Bounds of the drawing, in x. */
  left: number;
  right: number;
  /** Width of a device pixel, and of the line, in the same pixels. */
  pixel: number;
  thickness: number;
}

/**
 * Draws consecutive ranges as one trace. The signal itself becomes a line through its samples; where a pixel covers
 * several samples, through their minimum and maximum. An envelope becomes a vertical bar per pixel, from minimum to
 * maximum and up to the previous bar: a line up and down would look the same, and be slower to paint. Missing values
 * leave a gap.
 * @returns number of points and bars drawn
 */
export function drawTrace(pen: Pen, stretches: readonly Stretch[], scale: TraceScale): number {
  const { origin, pixelsPerSample, zero, pixelsPerUnit, left, right, pixel, thickness } = scale;
  let points = 0;
  let down = false;
  const put = (x: number, value: number): void => {
    const y = zero - value * pixelsPerUnit;
    if (down) pen.lineTo(x, y);
    else pen.moveTo(x, y);
    down = true;
    points++;
  };
  let lastValue = Number.NaN;
  let [lastLowest, lastHighest] = [Infinity, -Infinity];
  for (const { from, step, minima, maxima } of stretches) {
    const width = step * pixelsPerSample;
    // One more column on each side, so that the line reaches the edge.
    const first = Math.max(0, Math.floor((left - origin) / width - from / step) - 1);
    const end = Math.min(minima.length, Math.ceil((right - origin) / width - from / step) + 2);
    const each = Math.max(1, Math.floor(pixel / width));
    // Groups have fixed positions in the range, so that a moving trace does not flicker.
    for (let column = first - (first % each); column < end; column += each) {
      let lowest = Infinity;
      let highest = -Infinity;
      for (let i = column; i < Math.min(column + each, minima.length); i++) {
        if (minima[i] < lowest) lowest = minima[i];
        if (maxima[i] > highest) highest = maxima[i];
      }
      if (lowest > highest) {
        down = false;
        [lastLowest, lastHighest] = [Infinity, -Infinity];
        continue;
      }
      // A sample is drawn at its time, a column of several samples at its middle.
      const samples = each * step;
      const x = origin + (from + column * step + (samples - 1) / 2) * pixelsPerSample;
      if (step > 1) {
        const top = zero - Math.max(highest, lastLowest === Infinity ? highest : lastLowest) * pixelsPerUnit;
        const bottom = zero - Math.min(lowest, lastHighest === -Infinity ? lowest : lastHighest) * pixelsPerUnit;
        const wide = Math.max(pixel, samples * pixelsPerSample);
        // An inverted lead has its minimum on top.
        pen.fillRect(x - wide / 2, Math.min(top, bottom) - thickness / 2, wide, Math.abs(bottom - top) + thickness);
        [lastLowest, lastHighest] = [lowest, highest];
        points++;
      } else if (lowest === highest) {
        put(x, lowest);
        lastValue = lowest;
      } else {
        // The nearer end first, which keeps the line between two columns short.
        const upwards = Math.abs(lowest - lastValue) <= Math.abs(highest - lastValue);
        put(x, upwards ? lowest : highest);
        put(x, upwards ? highest : lowest);
        lastValue = upwards ? highest : lowest;
      }
    }
  }
  return points;
}

/**
 * Returns the value at the middle of a lead's lane: the middle of the range of 98 % of the columns, rounded to a coarse
 * line of the paper, so that all leads share one grid. 0 where there are no values.
 */
export function laneMiddle(minima: Float32Array, maxima: Float32Array): number {
  const lowest = percentile(minima, 0.01);
  const highest = percentile(maxima, 0.99);
  if (lowest === null || highest === null) return 0;
  // + 0 avoids negative zero.
  return Math.round(lowest + highest) / 2 + 0;
}

function percentile(values: Float32Array, fraction: number): number | null {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return known.length === 0 ? null : known[Math.round(fraction * (known.length - 1))];
}
