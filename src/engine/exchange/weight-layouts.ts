/** Reorders weights for other formats. */
import { NORMALIZATION_EPSILON } from "../networks/normalization.ts";
import { weightOf, type TrainedModel } from "./trained-model.ts";

/** Reverses the order of all axes. @param shape shape of the values, row major */
export function transposed(values: Float32Array, shape: readonly number[]): Float32Array {
  const result = new Float32Array(values.length);
  const index = shape.map(() => 0);
  for (const value of values) {
    // Row-major position with the last axis first.
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) at = at * shape[axis] + index[axis];
    result[at] = value;
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return result;
}

/**
 * Transposes a [rows, gates · units] matrix to [gates · units, rows], and reorders the gates.
 * @param order for each gate of the result, its number in the matrix
 */
export function splitColumns(
  values: Float32Array,
  shape: readonly number[],
  gates: number,
  order: readonly number[],
): Float32Array {
  const [rows, columns] = shape;
  const units = columns / gates;
  const result = new Float32Array(values.length);
  order.forEach((gate, place) => {
    for (let unit = 0; unit < units; unit++) {
      for (let row = 0; row < rows; row++) {
        result[(place * units + unit) * rows + row] = values[row * columns + gate * units + unit];
      }
    }
  });
  return result;
}

export function concatenated(arrays: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    result.set(array, at);
    at += array.length;
  }
  return result;
}

/** Returns a trained batch normalization as y = scale · x + shift for each channel. */
export function foldedNormalization(model: TrainedModel, layer: string): { scale: Float32Array; shift: Float32Array } {
  const [gamma, beta, mean, variance] = ["gamma", "beta", "moving_mean", "moving_variance"].map(
    (name) => weightOf(model, layer, name).values,
  );
  const scale = gamma.map((value, i) => value / Math.sqrt(variance[i] + NORMALIZATION_EPSILON));
  // In double precision, because the difference may be far smaller than its terms.
  const shift = beta.map((value, i) => value - (gamma[i] / Math.sqrt(variance[i] + NORMALIZATION_EPSILON)) * mean[i]);
  return { scale, shift };
}
