/**
 * Approximate principal axes of beats: the few orthonormal directions with most of the variance.
 *
 * Computed by orthogonal (subspace) iteration on an even subsample (Golub & Van Loan, Matrix Computations, 8.2.4).
 * Their distance from the true eigenvectors affects speed only; callers rely on orthonormal axes.
 */

/** Rows of the subsample: enough for two dozen axes, and fast for any class. */
const SAMPLE_ROWS = 256;
const ITERATIONS = 4;
/** Relative length of the remainder below which a vector lies in the span of the previous axes, up to rounding. */
const DEPENDENCE_TOLERANCE = 1e-10;

export interface PrincipalAxes {
  /** Mean over the subsample, `length` values. */
  centre: Float64Array;
  /** `count` × `length`, orthonormal rows; rows of zeros where the data have fewer directions. */
  axes: Float64Array;
}

/**
 * Computes the axes.
 * @param values rows of `length` samples
 * @param members rows to use, at least one
 * @param count number of axes
 */
export function principalAxes(
  values: Float32Array,
  length: number,
  members: Uint32Array,
  count: number,
): PrincipalAxes {
  const rows = Math.min(members.length, SAMPLE_ROWS);
  const sample = new Float64Array(rows * length);
  const centre = new Float64Array(length);
  for (let r = 0; r < rows; r++) {
    const start = members[Math.floor((r * members.length) / rows)] * length;
    for (let i = 0; i < length; i++) {
      const value = values[start + i];
      sample[r * length + i] = value;
      centre[i] += value / rows;
    }
  }
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < length; i++) sample[r * length + i] -= centre[i];
  }

  const axes = new Float64Array(count * length);
  for (let a = 0; a < Math.min(count, rows); a++) {
    const start = Math.floor((a * rows) / Math.min(count, rows)) * length;
    axes.set(sample.subarray(start, start + length), a * length);
  }
  orthonormalise(axes, length, count);
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    multiplyByCovariance(sample, axes, length);
    orthonormalise(axes, length, count);
  }
  return { centre, axes };
}

/** Each axis v becomes SᵀS v. @param sample and axes: rows of `length` values */
function multiplyByCovariance(sample: Float64Array, axes: Float64Array, length: number): void {
  const rows = sample.length / length;
  const count = axes.length / length;
  const product = new Float64Array(length);
  for (let a = 0; a < count; a++) {
    const axis = axes.subarray(a * length, (a + 1) * length);
    product.fill(0);
    for (let r = 0; r < rows; r++) {
      const start = r * length;
      let dot = 0;
      for (let i = 0; i < length; i++) dot += sample[start + i] * axis[i];
      for (let i = 0; i < length; i++) product[i] += dot * sample[start + i];
    }
    axis.set(product);
  }
}

/** Modified Gram–Schmidt, each vector twice ("twice is enough", Giraud et al. 2005): orthonormal up to rounding. */
function orthonormalise(axes: Float64Array, length: number, count: number): void {
  for (let a = 0; a < count; a++) {
    const axis = axes.subarray(a * length, (a + 1) * length);
    let kept = normalise(axis) > 0;
    for (let pass = 0; pass < 2 && kept; pass++) {
      for (let b = 0; b < a; b++) {
        const other = axes.subarray(b * length, (b + 1) * length);
        let dot = 0;
        for (let i = 0; i < length; i++) dot += axis[i] * other[i];
        for (let i = 0; i < length; i++) axis[i] -= dot * other[i];
      }
      kept = normalise(axis) > DEPENDENCE_TOLERANCE;
    }
    if (!kept) axis.fill(0);
  }
}

/**
 * Scales to length 1 and returns the previous length. Divides by the largest value first, so that no square overflows.
 */
function normalise(vector: Float64Array): number {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 0;
  let squares = 0;
  for (const value of vector) squares += (value / largest) ** 2;
  const norm = largest * Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i] = vector[i] / largest / Math.sqrt(squares);
  return norm;
}
