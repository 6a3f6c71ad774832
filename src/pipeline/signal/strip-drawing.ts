/** Draws a strip of ECG paper as geometry, which screens and pages draw alike. Pure. */
import {
  MAX_STRIP_LEADS,
  STRIP_SECONDS,
  STRIP_UNITS_PER_MM,
  type StripDrawing,
  type StripLane,
} from "../../contract/domain/strip-drawing.ts";
import { envelopeOf } from "./envelope.ts";

const MM_PER_S = 25;
const MM_PER_MV = 10;
const WIDTH = STRIP_SECONDS * MM_PER_S * STRIP_UNITS_PER_MM;
/** Height of the line of symbols. */
const TOP = 6 * STRIP_UNITS_PER_MM;
/** Heights of a lane, which are whole large squares. */
const SQUARE = 5 * STRIP_UNITS_PER_MM;
const MIN_LANE = 3 * SQUARE;
const MAX_LANE = 8 * SQUARE;
/** A trace with more points is drawn by the lowest and the highest value of each column. */
const MAX_POINTS = 5000;
const COLUMNS = 2500;
/** Shares of the samples that a lane need not show: single artefacts do not shrink the others. */
const OUTSIDE = 0.002;
/** Smallest distance of two beats between which their interval is written. */
const MIN_INTERVAL_WIDTH = 9 * STRIP_UNITS_PER_MM;

export interface StripInput {
  /** First sample, and sampling rate in Hz. */
  from: number;
  rate: number;
  /** Leads from that sample on, in physical units; NaN where a sample is missing. */
  leads: readonly { lead: string; units: string; values: Float32Array }[];
  beats: readonly { sample: number; symbol: string }[];
  /** Samples of what the strip shows. */
  highlight: { from: number; to: number };
}

/**
 * Returns the first sample of the strip that shows a range: the range in the middle, or its beginning where it is too
 * long, within the recording.
 */
export function stripStart(range: { from: number; to: number }, rate: number, length: number): number {
  const [middle, before] = [(range.from + range.to) / 2, 2];
  const isLong = (range.to - range.from) / rate > STRIP_SECONDS - before;
  const start = isLong ? range.from - before * rate : middle - (STRIP_SECONDS / 2) * rate;
  return Math.max(0, Math.min(Math.round(start), length - Math.ceil(STRIP_SECONDS * rate)));
}

export function drawStrip({ from, rate, leads, beats, highlight }: StripInput): StripDrawing {
  const lanes: StripLane[] = [];
  let bottom = TOP;
  for (const { lead, units, values } of leads.slice(0, MAX_STRIP_LEADS)) {
    const lane = drawLane(values, bottom, rate);
    lanes.push({ lead, units, top: bottom, ...lane });
    bottom = lane.bottom;
  }
  const x = (sample: number): number => Math.round(((sample - from) / rate) * MM_PER_S * STRIP_UNITS_PER_MM);
  const within = (position: number): number => Math.max(0, Math.min(WIDTH, position));
  const shown = beats
    .map(({ sample, symbol }) => ({ sample, symbol, x: x(sample) }))
    .filter((beat) => beat.x >= 0 && beat.x <= WIDTH);
  return {
    from,
    rate,
    width: WIDTH,
    height: bottom,
    top: TOP,
    fine: gridLines(bottom, (line) => line % 5 !== 0),
    coarse: gridLines(bottom, (line) => line % 5 === 0),
    lanes,
    beats: shown.map((beat) => ({ x: beat.x, symbol: beat.symbol })),
    intervals: shown.slice(1).flatMap((beat, i) => {
      const before = shown[i];
      if (beat.x - before.x < MIN_INTERVAL_WIDTH) return [];
      return [
        { x: Math.round((beat.x + before.x) / 2), ms: Math.round((1000 * (beat.sample - before.sample)) / rate) },
      ];
    }),
    highlight: { from: within(x(highlight.from)), to: within(x(highlight.to)) },
  };
}

/** @param chosen whether a line is drawn, by its number in mm */
function gridLines(bottom: number, chosen: (line: number) => boolean): string {
  let path = "";
  for (let line = 0; line * STRIP_UNITS_PER_MM <= WIDTH; line++) {
    if (chosen(line)) path += `M${line * STRIP_UNITS_PER_MM} ${TOP}V${bottom}`;
  }
  for (let line = 0; TOP + line * STRIP_UNITS_PER_MM <= bottom; line++) {
    if (chosen(line)) path += `M0 ${TOP + line * STRIP_UNITS_PER_MM}H${WIDTH}`;
  }
  return path;
}

/** Draws a trace in the middle of a lane that is as high as the trace needs, within limits. */
function drawLane(values: Float32Array, top: number, rate: number): { path: string; bottom: number } {
  const [low, high] = usualRange(values);
  const needed = Math.ceil(((high - low) * MM_PER_MV * STRIP_UNITS_PER_MM) / SQUARE + 1) * SQUARE;
  const height = Math.min(MAX_LANE, Math.max(MIN_LANE, needed));
  const middle = (low + high) / 2;
  const bottom = top + height;
  const y = (value: number): number => {
    const position = Math.round(top + height / 2 - (value - middle) * MM_PER_MV * STRIP_UNITS_PER_MM);
    return Math.max(top, Math.min(bottom, position));
  };
  const perSample = (MM_PER_S * STRIP_UNITS_PER_MM) / rate;
  if (values.length <= MAX_POINTS) return { path: pathOf(values, (i) => Math.round(i * perSample), y), bottom };
  const { minima, maxima } = envelopeOf(values, COLUMNS);
  const both = Float32Array.from({ length: 2 * minima.length }, (_, i) => (i % 2 === 0 ? minima : maxima)[i >> 1]);
  const perColumn = (values.length * perSample) / minima.length;
  return { path: pathOf(both, (i) => Math.round((i >> 1) * perColumn), y), bottom };
}

/** Returns path data with relative steps, which are short; a missing sample interrupts the line. */
function pathOf(values: Float32Array, x: (i: number) => number, y: (value: number) => number): string {
  let path = "";
  let last: { x: number; y: number } | null = null;
  values.forEach((value, i) => {
    if (Number.isNaN(value)) {
      last = null;
      return;
    }
    const point = { x: x(i), y: y(value) };
    path += last ? `l${point.x - last.x} ${point.y - last.y}` : `M${point.x} ${point.y}`;
    last = point;
  });
  return path;
}

function usualRange(values: Float32Array): [number, number] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return [0, 0];
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))];
  return [at(OUTSIDE), at(1 - OUTSIDE)];
}
