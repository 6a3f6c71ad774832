/** Where a beat's lines and its paper lie on the drawing: seconds from the R-peak to the right, its units upwards. */

export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface BeatScale {
  x: (seconds: number) => number;
  y: (value: number) => number;
  /** Seconds; the R-peak is at 0. */
  from: number;
  to: number;
  /** Lines of the paper: heavy ones that are labelled, and fine ones between. */
  times: { at: number; heavy: boolean }[];
  values: { at: number; heavy: boolean }[];
}

/** As ECG paper has them: 0.2 s and 0.5 mV, each in five. */
const HEAVY_SECONDS = 0.2;
const HEAVY_VALUE = 0.5;
/** More than so many fine lines are no paper, but a grey. */
const MOST_LINES = 80;

/** @param traces all that is drawn, samples at `rate`, `before` of them before the R-peak */
export function beatScale(traces: readonly ArrayLike<number>[], before: number, rate: number, frame: Frame): BeatScale {
  const length = Math.max(1, ...traces.map((trace) => trace.length));
  let low = Infinity;
  let high = -Infinity;
  for (const trace of traces) {
    for (let i = 0; i < trace.length; i++) {
      const value = trace[i] ?? Number.NaN;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) [low, high] = [-1, 1];
  // Whole large squares, and air.
  let step = HEAVY_VALUE;
  while ((high - low) / step > 8) step *= 2;
  const bottom = Math.floor(low / step - 0.1) * step;
  const top = Math.ceil(high / step + 0.1) * step;
  const from = -before / rate;
  const to = (length - 1 - before) / rate;
  let secondsStep = HEAVY_SECONDS;
  while ((to - from) / secondsStep > 10) secondsStep *= 2;
  const { width, height, left, right } = frame;
  return {
    from,
    to,
    x: (seconds) => left + ((seconds - from) / (to - from || 1)) * (width - left - right),
    y: (value) => frame.top + ((top - value) / (top - bottom)) * (height - frame.top - frame.bottom),
    times: lines(from, to, secondsStep),
    values: lines(bottom, top, step),
  };
}

/** A trace as an SVG path; missing samples leave a gap. */
export function tracePath(trace: ArrayLike<number>, before: number, rate: number, { x, y }: BeatScale): string {
  let path = "";
  let pen = "M";
  for (let i = 0; i < trace.length; i++) {
    const value = trace[i] ?? Number.NaN;
    if (Number.isNaN(value)) {
      pen = "M";
      continue;
    }
    path += `${pen}${x((i - before) / rate).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = "L";
  }
  return path;
}

/** Heights for labels at lines' ends: near the ends, at least `apart` from one another, in the frame. */
export function spreadLabels(ends: readonly number[], apart: number, top: number, bottom: number): number[] {
  const order = ends.map((_, i) => i).sort((a, b) => (ends[a] ?? 0) - (ends[b] ?? 0));
  const places = [...ends];
  let least = top;
  for (const i of order) {
    places[i] = Math.max(least, places[i] ?? top);
    least = (places[i] ?? top) + apart;
  }
  const over = least - apart - bottom;
  return over > 0 ? places.map((place) => place - over) : places;
}

function lines(from: number, to: number, heavyStep: number): { at: number; heavy: boolean }[] {
  const fine = heavyStep / 5;
  const step = (to - from) / fine > MOST_LINES ? heavyStep : fine;
  const perHeavy = Math.round(heavyStep / step);
  const found: { at: number; heavy: boolean }[] = [];
  // Half a rounding error must not lose the last line.
  const slack = step * 1e-6;
  for (let i = Math.ceil((from - slack) / step); i * step <= to + slack; i++) {
    found.push({ at: i * step, heavy: i % perHeavy === 0 });
  }
  return found;
}
