/** The shapes of beats, by which a review groups them: each lead around the R-peak at one rate. Pure; beats are read one by one. */
import { missingSampleOf, type Signal } from "../../../contract/domain/recordings.ts";

/** A shape lasts from this long before the R-peak to this long after it: QRS complex and ST segment, in s. */
const BEFORE_S = 0.15;
const AFTER_S = 0.25;
/** Points in a second: shapes of all recordings have the same points. */
export const SHAPE_RATE = 125;
/** Shapes are aligned by at most this many points: R-peaks of one shape are up to 24 ms apart between annotators. */
export const MAX_SHIFT = 3;
/** Points of a lead in a shape, and number of the R-peak's point. */
export const SHAPE_POINTS = Math.round((BEFORE_S + AFTER_S) * SHAPE_RATE);
export const POINTS_BEFORE = Math.round(BEFORE_S * SHAPE_RATE);
/** Points of a lead as read: the shape at its largest shift to either side. */
const READ_POINTS = SHAPE_POINTS + 2 * MAX_SHIFT;

/** A beat at each shift: its points, and the length of its vector without the mean of each lead. */
export interface ReadShape {
  leads: number;
  /** {@link READ_POINTS} of each lead, in physical units. */
  values: Float32Array;
  /** Norm at each shift, from −{@link MAX_SHIFT}. */
  norms: Float64Array;
}

/** Returns a reader, which fills one shape again and again: memory does not grow with the beats. */
export function shapeReader(signals: readonly Signal[], rate: number): (sample: number) => ReadShape {
  const shape: ReadShape = {
    leads: signals.length,
    values: new Float32Array(signals.length * READ_POINTS),
    norms: new Float64Array(2 * MAX_SHIFT + 1),
  };
  return (sample) => {
    const first = sample / rate - (POINTS_BEFORE + MAX_SHIFT) / SHAPE_RATE;
    signals.forEach((signal, lead) => {
      readLead(signal, first, shape.values.subarray(lead * READ_POINTS, (lead + 1) * READ_POINTS));
    });
    for (let shift = -MAX_SHIFT; shift <= MAX_SHIFT; shift++) shape.norms[shift + MAX_SHIFT] = normAt(shape, shift);
    return shape;
  };
}

/** Each point is the mean of the samples in its time; a gap has the value before it. */
function readLead({ samples, rate, gain, baseline }: Signal, first: number, points: Float32Array): void {
  const missing = missingSampleOf(samples);
  let before = Number.NaN;
  for (let i = 0; i < points.length; i++) {
    const from = clamp(Math.floor((first + (i - 0.5) / SHAPE_RATE) * rate + 0.5), samples.length);
    const to = Math.max(from + 1, clamp(Math.floor((first + (i + 0.5) / SHAPE_RATE) * rate + 0.5), samples.length));
    let sum = 0;
    let count = 0;
    for (let at = from; at < to; at++) {
      if (samples[at] === missing) continue;
      sum += samples[at];
      count++;
    }
    if (count > 0) before = (sum / count - baseline) / gain;
    points[i] = before;
  }
  // A gap at the start has the first value after it.
  const known = points.find((value) => !Number.isNaN(value)) ?? 0;
  for (let i = 0; i < points.length && Number.isNaN(points[i]); i++) points[i] = known;
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(length - 1, index));
}

function normAt({ leads, values }: ReadShape, shift: number): number {
  let squares = 0;
  for (let lead = 0; lead < leads; lead++) {
    const start = lead * READ_POINTS + MAX_SHIFT + shift;
    let sum = 0;
    let sumOfSquares = 0;
    for (let i = start; i < start + SHAPE_POINTS; i++) {
      sum += values[i];
      sumOfSquares += values[i] ** 2;
    }
    squares += Math.max(0, sumOfSquares - sum ** 2 / SHAPE_POINTS);
  }
  return Math.sqrt(squares);
}

/** Writes a shape at a shift, each lead without its mean: `leads` × {@link SHAPE_POINTS} values. */
export function writeShape({ leads, values }: ReadShape, shift: number, out: Float32Array | Float64Array): void {
  for (let lead = 0; lead < leads; lead++) {
    const start = lead * READ_POINTS + MAX_SHIFT + shift;
    let sum = 0;
    for (let i = 0; i < SHAPE_POINTS; i++) sum += values[start + i];
    for (let i = 0; i < SHAPE_POINTS; i++) out[lead * SHAPE_POINTS + i] = values[start + i] - sum / SHAPE_POINTS;
  }
}

export interface Alignment {
  /** Correlation coefficient over all leads, −1 to 1. */
  correlation: number;
  shift: number;
}

/**
 * Returns the correlation of a beat at a shift with a template. The template has no mean, so that of the beat needs no
 * subtraction.
 * @param template `leads` × {@link SHAPE_POINTS} values, each lead without its mean, of length 1
 */
export function correlationAt({ leads, values, norms }: ReadShape, template: Float64Array, shift: number): number {
  const norm = norms[shift + MAX_SHIFT];
  if (norm === 0) return 0;
  let product = 0;
  let own = 0;
  for (let lead = 0; lead < leads; lead++) {
    const start = lead * READ_POINTS + MAX_SHIFT + shift;
    for (let i = start; i < start + SHAPE_POINTS; i++) product += template[own++] * values[i];
  }
  return product / norm;
}

/** Aligns a beat with a template: returns the shift of the highest correlation. */
export function align(shape: ReadShape, template: Float64Array): Alignment {
  let correlation = -1;
  let shift = 0;
  for (let each = -MAX_SHIFT; each <= MAX_SHIFT; each++) {
    const found = correlationAt(shape, template, each);
    if (found > correlation) [correlation, shift] = [found, each];
  }
  return { correlation, shift };
}
