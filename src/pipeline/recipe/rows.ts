/** Tables of samples, a row for each beat, and what features compute of them. */

/** Rows of equal length, one after the other. */
export interface Rows {
  values: Float64Array | Float32Array;
  length: number;
}

/** Part of each row: from sample `from` to `to − 1`. */
export type Part = readonly [from: number, to: number];

/** Cuts `before` samples before each peak and `after` from it on. Beyond its ends, a lead keeps its first and last value. */
export function cutRows(lead: Float64Array, peaks: Int32Array, before: number, after: number): Rows {
  const length = before + after;
  const values = new Float64Array(peaks.length * length);
  const last = lead.length - 1;
  for (let row = 0; row < peaks.length; row++) {
    const from = peaks[row] - before;
    const offset = row * length;
    if (from >= 0 && from + length <= lead.length) {
      values.set(lead.subarray(from, from + length), offset);
      continue;
    }
    for (let i = 0; i < length; i++) values[offset + i] = lead[Math.min(last, Math.max(0, from + i))];
  }
  return { values, length };
}

/** Added to the product of two energies, in the fourth power of the values' unit: the correlation with a flat part is 0. */
export const FLAT_ENERGY = 1e-9;

/** A part of a table, of one row or of a template, from `offset` on. */
interface Piece {
  values: ArrayLike<number>;
  offset: number;
}

/**
 * Returns Pearson's correlation of several parts, joined: of a row with a template. A flat part gives 0.
 * @param count samples of each piece
 */
export function correlation(
  rows: readonly Piece[],
  templates: readonly Piece[],
  count: number,
  flatEnergy = FLAT_ENERGY,
): number {
  let [sumA, sumB] = [0, 0];
  for (const [piece, { values, offset }] of rows.entries()) {
    const other = templates[piece];
    for (let i = 0; i < count; i++) {
      sumA += values[offset + i];
      sumB += other.values[other.offset + i];
    }
  }
  const [meanA, meanB] = [sumA / (count * rows.length), sumB / (count * rows.length)];
  let [product, energyA, energyB] = [0, 0, 0];
  for (const [piece, { values, offset }] of rows.entries()) {
    const other = templates[piece];
    for (let i = 0; i < count; i++) {
      const a = values[offset + i] - meanA;
      const b = other.values[other.offset + i] - meanB;
      product += a * b;
      energyA += a * a;
      energyB += b * b;
    }
  }
  return product / Math.sqrt(energyA * energyB + flatEnergy);
}

export function mean(values: ArrayLike<number>, from = 0, to = values.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i];
  return sum / (to - from);
}

/** Removes the mean of each row in place. */
export function withoutMean(values: Float64Array, length: number): Float64Array {
  for (let offset = 0; offset < values.length; offset += length) {
    const level = mean(values, offset, offset + length);
    for (let i = offset; i < offset + length; i++) values[i] -= level;
  }
  return values;
}
