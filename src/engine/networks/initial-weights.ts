/**
 * Initial weights by Keras' defaults: Glorot uniform kernels (Glorot & Bengio 2010), orthogonal recurrent kernels (Saxe
 * et al. 2014), biases of 0, and of 1 for an LSTM's forget gate (Jozefowicz et al. 2015). The same seed gives the same
 * weights anywhere.
 */
import { randomStream, type RandomStream } from "../../pipeline/random.ts";
import type { LayerWeight } from "./layer-weights.ts";

export type WeightSpec = Pick<LayerWeight, "role" | "ofLstm" | "shape">;

/** Draws the initial values of each weight, in their order. */
export function initialWeights(specs: readonly WeightSpec[], seed: number): Float32Array[] {
  return specs.map((spec, index) => draw(spec, randomStream(seed, "weights", index)));
}

function draw({ role, ofLstm, shape }: WeightSpec, random: RandomStream): Float32Array {
  const size = shape.reduce((a, b) => a * b, 1);
  switch (role) {
    case "kernel":
      return glorotUniform(shape, size, random);
    case "recurrent_kernel":
      return orthogonal(shape[0] ?? 0, shape[1] ?? 0, random);
    case "bias":
      return ofLstm ? forgetBias(size) : new Float32Array(size);
    case "gamma":
    case "moving_variance":
      return new Float32Array(size).fill(1);
    case "beta":
    case "moving_mean":
      return new Float32Array(size);
    default:
      throw new Error(`There is no initializer for a weight “${role}”.`);
  }
}

/** Uniform in ±√(6 / (fan in + fan out)); the fans of a convolution include its taps. */
function glorotUniform(shape: readonly number[], size: number, random: RandomStream): Float32Array {
  const taps = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  const [fanIn, fanOut] = [taps * (shape.at(-2) ?? 1), taps * (shape.at(-1) ?? 1)];
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return Float32Array.from({ length: size }, () => limit * (2 * random.uniform() - 1));
}

/** Orthonormal rows (or columns, if there are fewer): Gram–Schmidt, applied twice, on normal vectors. */
function orthogonal(rows: number, columns: number, random: RandomStream): Float32Array {
  const vectors = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const basis: Float64Array[] = [];
  while (basis.length < vectors) {
    const vector = Float64Array.from({ length }, () => random.normal());
    // The second pass removes the rounding errors of the first one (Giraud et al. 2005).
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) {
        const projection = other.reduce((sum, value, i) => sum + value * vector[i], 0);
        for (let i = 0; i < length; i++) vector[i] -= projection * other[i];
      }
    }
    const norm = Math.hypot(...vector);
    basis.push(vector.map((value) => value / norm));
  }
  const out = new Float32Array(rows * columns);
  basis.forEach((vector, v) =>
    vector.forEach((value, i) => (out[rows <= columns ? v * columns + i : i * columns + v] = value)),
  );
  return out;
}

/** Gates in Keras' order: input, forget, cell, output. */
function forgetBias(size: number): Float32Array {
  return new Float32Array(size).fill(1, size / 4, size / 2);
}
