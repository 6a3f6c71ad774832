/** The beats of a review as points of plots: what their axes are, and where each beat is. Pure. */
import type { BeatShapes } from "../../../../contract/domain/beat-families.ts";
import type { Label } from "../../../../contract/domain/labels.ts";
import type { RrIntervals } from "../../../../contract/domain/rhythm.ts";
import { indexOfSample } from "../viewer/review-beats.ts";

/** Plots of beats. */
export const beatPlots = ["poincare", "tachogram", "map"] as const;
export type BeatPlot = (typeof beatPlots)[number];

export interface PlotAxis {
  name: string;
  from: number;
  to: number;
}

export interface BeatPoints {
  x: Float32Array;
  y: Float32Array;
  /** Sample of each point's beat. */
  samples: Int32Array;
  /** Symbol of each point's beat. */
  symbols: string[];
  axes: { x: PlotAxis; y: PlotAxis };
  /** Whether both axes have one scale. */
  isSquare: boolean;
}

/** Longer RR intervals are drawn at the edge of the plots, in s. */
export const MAX_RR_S = 2;

/** Returns each beat between two intervals: the RR interval before it, and the one after it. */
export function poincarePoints({ samples, seconds }: RrIntervals, beats: readonly Label[], rate: number): BeatPoints {
  const count = samples.length;
  const points = emptyPoints(Math.max(0, count - 1));
  let n = 0;
  for (let i = 0; i + 1 < count; i++) {
    // Not across a gap, such as ventricular flutter.
    if (samples[i + 1] - Math.round(seconds[i + 1] * rate) !== samples[i]) continue;
    n = add(points, n, beats, [samples[i], Math.min(MAX_RR_S, seconds[i]), Math.min(MAX_RR_S, seconds[i + 1])]);
  }
  const to = niceEnd(points.x.subarray(0, n), points.y.subarray(0, n));
  return cut(points, n, {
    isSquare: true,
    axes: { x: { name: "RR interval (s)", from: 0, to }, y: { name: "Next RR interval (s)", from: 0, to } },
  });
}

/** Returns each RR interval at the time of the beat that ends it. */
export function tachogramPoints(
  { samples, seconds }: RrIntervals,
  beats: readonly Label[],
  { rate, length }: { rate: number; length: number },
): BeatPoints {
  const duration = length / rate;
  const [name, unit] = duration < 7200 ? (["min", 60] as const) : (["h", 3600] as const);
  const points = emptyPoints(samples.length);
  let n = 0;
  for (const [i, sample] of samples.entries()) {
    n = add(points, n, beats, [sample, sample / rate / unit, Math.min(MAX_RR_S, seconds[i])]);
  }
  return cut(points, n, {
    isSquare: false,
    axes: {
      x: { name: `Time (${name})`, from: 0, to: duration / unit },
      y: { name: "RR interval (s)", from: 0, to: niceEnd(points.y.subarray(0, n)) },
    },
  });
}

/** Returns each beat at its place on the map of beats. */
export function mapPoints(
  { samples, map, leads }: Pick<BeatShapes, "samples" | "map" | "leads">,
  beats: readonly Label[],
): BeatPoints {
  const points = emptyPoints(samples.length);
  let n = 0;
  for (const [i, sample] of samples.entries()) n = add(points, n, beats, [sample, map.x[i], map.y[i]]);
  const [x, y] = [points.x.subarray(0, n), points.y.subarray(0, n)].map(rangeOf);
  const units = leads[0]?.units ?? "";
  return cut(points, n, {
    isSquare: false,
    axes: { x: { name: `Main axis 1 of the shapes (${units})`, ...x }, y: { name: `Main axis 2 (${units})`, ...y } },
  });
}

type Points = Pick<BeatPoints, "x" | "y" | "samples" | "symbols">;

function emptyPoints(count: number): Points {
  return { x: new Float32Array(count), y: new Float32Array(count), samples: new Int32Array(count), symbols: [] };
}

/** Adds a point, if its beat is one. @returns the number of points */
function add(
  points: Points,
  n: number,
  beats: readonly Label[],
  [sample, x, y]: [sample: number, x: number, y: number],
): number {
  const index = indexOfSample(beats, sample);
  if (index < 0) return n;
  points.x[n] = x;
  points.y[n] = y;
  points.samples[n] = sample;
  points.symbols.push(beats[index].symbol);
  return n + 1;
}

function cut({ x, y, samples, symbols }: Points, n: number, rest: Pick<BeatPoints, "axes" | "isSquare">): BeatPoints {
  return { x: x.subarray(0, n), y: y.subarray(0, n), samples: samples.subarray(0, n), symbols, ...rest };
}

/** Returns the end of an axis of RR intervals: the next half second. */
function niceEnd(...values: Float32Array[]): number {
  let largest = 0;
  for (const each of values) for (const value of each) largest = Math.max(largest, value);
  return Math.max(1, Math.ceil(largest * 2) / 2);
}

/** Ticks of an axis, at most. */
const MAX_TICKS = 6;

/** Returns round values on an axis, ascending, and their decimals. */
export function ticksOf({ from, to }: Pick<PlotAxis, "from" | "to">): { at: number[]; decimals: number } {
  const least = (to - from) / MAX_TICKS;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor(to / step + 1e-9) - first + 1;
  return {
    at: Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step),
    decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
  };
}

/** Returns the range of values with a margin. */
function rangeOf(values: Float32Array): { from: number; to: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return { from: -1, to: 1 };
  const margin = Math.max(1e-6, (high - low) * 0.05);
  return { from: low - margin, to: high + margin };
}
