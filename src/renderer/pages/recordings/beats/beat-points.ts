/** The beats of a review as points of plots: what their axes are, and where each beat is. Pure. */
import type { BeatShapes } from "../../../../contract/domain/beat-families.ts";
import type { Label } from "../../../../contract/domain/labels.ts";
import type { RrIntervals } from "../../../../contract/domain/rhythm.ts";

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
  /** Sample of each point's beat, and its index among the beats of the review. */
  samples: Int32Array;
  beats: Int32Array;
  axes: { x: PlotAxis; y: PlotAxis };
  /** Whether both axes have one scale. */
  isSquare: boolean;
}

/** Symbols of points, apart from their places: a relabelled beat stays where it is. */
export interface PointClasses {
  /** The most frequent first. */
  symbols: string[];
  /** Numbers of the points, by symbol. */
  order: Uint32Array;
  /** End in `order` of the points of each symbol. */
  ends: number[];
}

/** Returns the points by the symbols of their beats. */
export function classesOf({ beats: indices }: Pick<BeatPoints, "beats">, beats: readonly Label[]): PointClasses {
  const counts = new Map<string, number>();
  for (const index of indices) counts.set(beats[index].symbol, (counts.get(beats[index].symbol) ?? 0) + 1);
  const found = [...counts].sort((a, b) => b[1] - a[1]);
  const next = new Map<string, number>();
  const ends: number[] = [];
  let end = 0;
  for (const [symbol, count] of found) {
    next.set(symbol, end);
    ends.push((end += count));
  }
  const order = new Uint32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const { symbol } = beats[indices[i]];
    const at = next.get(symbol)!;
    order[at] = i;
    next.set(symbol, at + 1);
  }
  return { symbols: found.map(([symbol]) => symbol), order, ends };
}

/** Longer RR intervals are drawn at the edge of the plots, in s. */
export const MAX_RR_S = 2;

/** Returns each beat between two intervals: the RR interval before it, and the one after it. */
export function poincarePoints({ samples, seconds }: RrIntervals, beats: Int32Array, rate: number): BeatPoints {
  const points = new PointList(samples.length, beats);
  for (let i = 0; i + 1 < samples.length; i++) {
    // Not across a gap, such as ventricular flutter.
    if (samples[i + 1] - Math.round(seconds[i + 1] * rate) !== samples[i]) continue;
    points.add(samples[i], Math.min(MAX_RR_S, seconds[i]), Math.min(MAX_RR_S, seconds[i + 1]));
  }
  const places = points.places();
  const to = niceEnd(places.x, places.y);
  return {
    ...places,
    isSquare: true,
    axes: { x: { name: "RR interval (s)", from: 0, to }, y: { name: "Next RR interval (s)", from: 0, to } },
  };
}

/** Returns each RR interval at the time of the beat that ends it. */
export function tachogramPoints(
  { samples, seconds }: RrIntervals,
  beats: Int32Array,
  { rate, length }: { rate: number; length: number },
): BeatPoints {
  const duration = length / rate;
  const [name, unit] = duration < 7200 ? (["min", 60] as const) : (["h", 3600] as const);
  const points = new PointList(samples.length, beats);
  for (let i = 0; i < samples.length; i++) {
    points.add(samples[i], samples[i] / rate / unit, Math.min(MAX_RR_S, seconds[i]));
  }
  const places = points.places();
  return {
    ...places,
    isSquare: false,
    axes: {
      x: { name: `Time (${name})`, from: 0, to: duration / unit },
      y: { name: "RR interval (s)", from: 0, to: niceEnd(places.y) },
    },
  };
}

/** Returns each beat at its place on the map of beats. */
export function mapPoints(
  { samples, map, leads }: Pick<BeatShapes, "samples" | "map" | "leads">,
  beats: Int32Array,
): BeatPoints {
  const points = new PointList(samples.length, beats);
  for (let i = 0; i < samples.length; i++) points.add(samples[i], map.x[i], map.y[i]);
  const places = points.places();
  const [x, y] = [places.x, places.y].map(rangeOf);
  const units = leads[0]?.units ?? "";
  return {
    ...places,
    isSquare: false,
    axes: { x: { name: `Main axis 1 of the shapes (${units})`, ...x }, y: { name: `Main axis 2 (${units})`, ...y } },
  };
}

/** Collects points in order of time. */
class PointList {
  readonly #x: Float32Array;
  readonly #y: Float32Array;
  readonly #samples: Int32Array;
  readonly #indices: Int32Array;
  readonly #beats: Int32Array;
  #count = 0;
  #beat = 0;

  /** @param beats samples of the beats, ascending */
  constructor(capacity: number, beats: Int32Array) {
    this.#x = new Float32Array(capacity);
    this.#y = new Float32Array(capacity);
    this.#samples = new Int32Array(capacity);
    this.#indices = new Int32Array(capacity);
    this.#beats = beats;
  }

  /** Adds a point, if its beat still exists; points are added in order of time. */
  add(sample: number, x: number, y: number): void {
    const beats = this.#beats;
    while (this.#beat < beats.length && beats[this.#beat] < sample) this.#beat++;
    if (beats[this.#beat] !== sample) return;
    this.#x[this.#count] = x;
    this.#y[this.#count] = y;
    this.#samples[this.#count] = sample;
    this.#indices[this.#count++] = this.#beat;
  }

  places(): Pick<BeatPoints, "x" | "y" | "samples" | "beats"> {
    const end = this.#count;
    return {
      x: this.#x.subarray(0, end),
      y: this.#y.subarray(0, end),
      samples: this.#samples.subarray(0, end),
      beats: this.#indices.subarray(0, end),
    };
  }
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
