/** Splits beats of one family into two by shape: two means (Lloyd 1982) that start on both sides of the main axis. Pure. */
import { principalAxes } from "../../beats/principal-axes.ts";
import { align, SHAPE_POINTS, writeShape, type ReadShape } from "./beat-shapes.ts";

const MAX_PASSES = 20;

/**
 * Returns the beats of the smaller half, ascending; none where all beats are the same.
 * @param samples of the R-peaks, ascending @param read reads one beat; its result may be used again
 */
export function splitBeats(samples: Int32Array, read: (sample: number) => ReadShape): Int32Array {
  const shapes = alignedShapes(samples, read);
  if (shapes === null) return new Int32Array();
  const { values, length } = shapes;
  const members = Uint32Array.from(samples, (_, i) => i);
  const { centre, axes } = principalAxes(values, length, members, 1);
  let side = Uint8Array.from(samples, (_, i) => (projection(values, i * length, centre, axes) > 0 ? 1 : 0));
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const means = [0, 1].map((each) => meanOf(values, length, side, each));
    if (means[0] === null || means[1] === null) return new Int32Array();
    const [zero, one] = means;
    const next = Uint8Array.from(samples, (_, i) =>
      distance(values, i * length, one) < distance(values, i * length, zero) ? 1 : 0,
    );
    const isSettled = next.every((each, i) => each === side[i]);
    side = next;
    if (isSettled) break;
  }
  const ones = side.reduce((sum, each) => sum + each, 0);
  const smaller = ones * 2 <= side.length ? 1 : 0;
  return samples.filter((_, i) => side[i] === smaller);
}

/** Aligns all beats with the mean of those that are not aligned. */
function alignedShapes(
  samples: Int32Array,
  read: (sample: number) => ReadShape,
): { values: Float32Array; length: number } | null {
  if (samples.length < 2) return null;
  const length = read(samples[0]).leads * SHAPE_POINTS;
  const values = new Float32Array(samples.length * length);
  const row = (i: number): Float32Array => values.subarray(i * length, (i + 1) * length);
  const mean = new Float64Array(length);
  samples.forEach((sample, i) => {
    writeShape(read(sample), 0, row(i));
    row(i).forEach((value, k) => (mean[k] += value / samples.length));
  });
  const norm = Math.hypot(...mean);
  if (norm === 0) return null;
  const unit = mean.map((value) => value / norm);
  samples.forEach((sample, i) => {
    const shape = read(sample);
    writeShape(shape, align(shape, unit).shift, row(i));
  });
  return { values, length };
}

function projection(values: Float32Array, start: number, centre: Float64Array, axis: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < centre.length; k++) sum += (values[start + k] - centre[k]) * axis[k];
  return sum;
}

function meanOf(values: Float32Array, length: number, side: Uint8Array, which: number): Float64Array | null {
  const mean = new Float64Array(length);
  let count = 0;
  side.forEach((each, i) => {
    if (each !== which) return;
    count++;
    for (let k = 0; k < length; k++) mean[k] += values[i * length + k];
  });
  return count === 0 ? null : mean.map((sum) => sum / count);
}

function distance(values: Float32Array, start: number, mean: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < mean.length; k++) sum += (values[start + k] - mean[k]) ** 2;
  return sum;
}
