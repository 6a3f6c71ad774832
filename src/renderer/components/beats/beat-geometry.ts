/**
 * Geometry of the drawing of beats on ECG paper: x is the time from the R-peak in s, y the value in the lead's unit.
 */

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
  /** Bounds of the time axis, in s from the R-peak. */
  from: number;
  to: number;
  /** Grid lines of the paper: labelled heavy lines, and fine lines between them. */
  times: { at: number; heavy: boolean }[];
  values: { at: number; heavy: boolean }[];
}

/** Distances of heavy lines on ECG paper, 0.2 s and 0.5 mV; each is divided in five. */
const HEAVY_SECONDS = 0.2;
const HEAVY_VALUE = 0.5;
/** More fine lines than this would merge into grey. */
const MAX_LINES = 80;

/** @param traces all traces of the drawing, at `rate` Hz, each with `before` samples before the R-peak */
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
  // Whole large squares, with a margin.
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

/** Returns a trace as an SVG path; missing samples leave a gap. */
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

/** Returns the edges of a band of one deviation below and above a trace. */
export function edgesOf(values: Float32Array, sd: Float32Array): [Float32Array, Float32Array] {
  return [values.map((value, i) => value - sd[i]), values.map((value, i) => value + sd[i])];
}

/** Returns the area between two edges as an SVG path: along the first one, and back along the second. */
export function bandPath(
  [low, high]: readonly [Float32Array, Float32Array],
  before: number,
  rate: number,
  { x, y }: BeatScale,
): string {
  const point = (edge: Float32Array, i: number): string =>
    `${x((i - before) / rate).toFixed(1)} ${y(edge[i]).toFixed(1)}`;
  const there = Array.from(low, (_, i) => point(low, i));
  const back = Array.from(high, (_, i) => point(high, i)).reverse();
  return `M${[...there, ...back].join("L")}Z`;
}

/** Returns the opacity of each line: few lines are opaque, many are translucent, so that their density shows. */
export function crowdOpacity(beats: number): number {
  return Math.min(0.8, Math.max(0.1, 1.6 / Math.sqrt(beats)));
}

/**
 * Returns the y of labels at the ends of lines: close to the ends, at least `apart` from each other, inside the frame.
 */
export function spreadLabels(ends: readonly number[], apart: number, top: number, bottom: number): number[] {
  const order = ends.map((_, i) => i).sort((a, b) => (ends[a] ?? 0) - (ends[b] ?? 0));
  const heights = [...ends];
  let least = top;
  for (const i of order) {
    heights[i] = Math.max(least, heights[i] ?? top);
    least = (heights[i] ?? top) + apart;
  }
  const over = least - apart - bottom;
  return over > 0 ? heights.map((height) => height - over) : heights;
}

function lines(from: number, to: number, heavyStep: number): { at: number; heavy: boolean }[] {
  const fine = heavyStep / 5;
  const step = (to - from) / fine > MAX_LINES ? heavyStep : fine;
  const perHeavy = Math.round(heavyStep / step);
  const all: { at: number; heavy: boolean }[] = [];
  // A rounding error must not drop the last line.
  const slack = step * 1e-6;
  for (let i = Math.ceil((from - slack) / step); i * step <= to + slack; i++) {
    all.push({ at: i * step, heavy: i % perHeavy === 0 });
  }
  return all;
}
