/** From tiles to a line on the screen: the points of a lead's trace, as many as there are pixels. Pure. */

/** A stretch of a lead, in columns: where they lie, and the least and greatest value of each (the same array: the signal itself). */
export interface Stretch {
  /** First sample of the first column, and samples of a column. */
  from: number;
  step: number;
  minima: Float32Array;
  maxima: Float32Array;
}

/** What takes the points: a canvas path. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

export interface TraceScale {
  /** x of sample 0, and pixels of a sample. */
  origin: number;
  pixelsPerSample: number;
  /** y of 0 units, and pixels of a unit, upwards. */
  zero: number;
  pixelsPerUnit: number;
  /** Only what lies between is drawn. */
  left: number;
  right: number;
  /** Width of the finest step that can be seen, in the same pixels. */
  pixel: number;
}

/**
 * Draws stretches that follow each other as one line. Where a pixel holds several columns it gets two points, their least and their
 * greatest value; where it does not, each column its own. Missing values leave a gap.
 * @returns points drawn
 */
export function drawTrace(pen: Pen, stretches: readonly Stretch[], scale: TraceScale): number {
  const { origin, pixelsPerSample, zero, pixelsPerUnit, left, right, pixel } = scale;
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
  for (const { from, step, minima, maxima } of stretches) {
    const width = step * pixelsPerSample;
    // One column more on either side, so that the line goes on to the edge.
    const first = Math.max(0, Math.floor((left - origin) / width - from / step) - 1);
    const end = Math.min(minima.length, Math.ceil((right - origin) / width - from / step) + 2);
    const each = Math.max(1, Math.floor(pixel / width));
    // Groups stand at fixed places of the stretch, so that a trace that moves does not flicker.
    for (let column = first - (first % each); column < end; column += each) {
      let least = Infinity;
      let greatest = -Infinity;
      for (let i = column; i < Math.min(column + each, minima.length); i++) {
        if (minima[i] < least) least = minima[i];
        if (maxima[i] > greatest) greatest = maxima[i];
      }
      if (least > greatest) {
        down = false;
        continue;
      }
      // A sample stands at its time; a column of several in its middle.
      const samples = each * step;
      const x = origin + (from + column * step + (samples - 1) / 2) * pixelsPerSample;
      if (least === greatest) {
        put(x, least);
        lastValue = least;
      } else {
        // The nearer end first: the line between two columns is then the short one.
        const upwards = Math.abs(least - lastValue) <= Math.abs(greatest - lastValue);
        put(x, upwards ? least : greatest);
        put(x, upwards ? greatest : least);
        lastValue = upwards ? greatest : least;
      }
    }
  }
  return points;
}

/**
 * The value to lay in the middle of a lead's lane: the middle of where the trace mostly is (98 % of columns), on a strong line of
 * the paper, so that the leads' lines lie in one grid. 0 where there is nothing.
 */
export function laneMiddle(minima: Float32Array, maxima: Float32Array): number {
  const least = percentile(minima, 0.01);
  const greatest = percentile(maxima, 0.99);
  if (least === null || greatest === null) return 0;
  // + 0: no minus zero.
  return Math.round(least + greatest) / 2 + 0;
}

function percentile(values: Float32Array, part: number): number | null {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return known.length === 0 ? null : known[Math.round(part * (known.length - 1))];
}
