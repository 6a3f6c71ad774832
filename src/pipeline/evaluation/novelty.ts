/**
 * Distance of a beat from the training beats, in the output of the network's last hidden layer: the smallest Mahalanobis
 * distance to a class mean, with one covariance shared by the classes (Lee, Lee, Lee & Shin, A simple unified framework for
 * detecting out-of-distribution samples, NeurIPS 2018). Where the layer has many outputs, the covariance is diagonal.
 */

/** What distances are measured from: class means, whitening, and the distance that counts as far. */
export interface NoveltyReference {
  /** Classes with training beats × outputs, whitened. */
  means: Float32Array;
  /**
   * Whitening of the outputs: the inverse of the covariance's Cholesky factor (outputs × outputs, by row, lower triangle), or
   * one factor for each output.
   */
  whitening: Float32Array;
  /** Distance above which a beat is unlike all training beats. */
  threshold: number;
}

/** Outputs of beats: a row for each. */
export interface HiddenRows {
  values: Float32Array;
  /** Outputs of a beat. */
  width: number;
}

/** Share of the validation beats that are nearer than the threshold. */
export const NOVELTY_QUANTILE = 0.995;
/** Added to each variance, as a share of their mean: an output that never varies would make any change infinitely far. */
const VARIANCE_FLOOR = 0.01;
/** Outputs of a layer whose covariance is diagonal: a matrix of more would need more beats than are read. */
const MAX_FULL_WIDTH = 256;

/**
 * Fits means and covariance to training beats, and the threshold to validation beats.
 * @param classOf class of each training beat
 */
export function fitNovelty(training: HiddenRows, classOf: ArrayLike<number>, validation: HiddenRows): NoveltyReference {
  const { width } = training;
  const means = classMeans(training, classOf);
  const factors =
    width <= MAX_FULL_WIDTH ? fullWhitening(training, classOf, means) : diagonalWhitening(training, classOf, means);
  const reference: NoveltyReference = {
    means: whiten({ values: Float32Array.from([...means.values()].flatMap((mean) => [...mean])), width }, factors),
    whitening: factors,
    threshold: Infinity,
  };
  const sorted = distances(validation, reference).sort();
  reference.threshold =
    sorted.at(Math.min(sorted.length - 1, Math.floor(NOVELTY_QUANTILE * sorted.length))) ?? Infinity;
  return reference;
}

/** Returns the distance of each row from the nearest class mean, over the root of the number of outputs. */
export function distances(rows: HiddenRows, { means, whitening }: Omit<NoveltyReference, "threshold">): Float32Array {
  const { width } = rows;
  const values = whiten(rows, whitening);
  const out = new Float32Array(values.length / width);
  for (let row = 0; row < out.length; row++) {
    let nearest = Infinity;
    for (let mean = 0; mean < means.length; mean += width) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (values[row * width + i] - means[mean + i]) ** 2;
      nearest = Math.min(nearest, sum);
    }
    out[row] = Math.sqrt(nearest / width);
  }
  return out;
}

/** Returns rows whose covariance within the classes is about the identity. */
function whiten({ values, width }: HiddenRows, whitening: Float32Array): Float32Array {
  const isFull = whitening.length > width;
  const out = new Float32Array(values.length);
  for (let offset = 0; offset < values.length; offset += width) {
    for (let i = 0; i < width; i++) {
      if (!isFull) {
        out[offset + i] = values[offset + i] * whitening[i];
        continue;
      }
      let sum = 0;
      for (let k = 0; k <= i; k++) sum += whitening[i * width + k] * values[offset + k];
      out[offset + i] = sum;
    }
  }
  return out;
}

type Means = ReadonlyMap<number, Float64Array>;

/** Returns the mean of each class, in the order of their numbers. */
function classMeans({ values, width }: HiddenRows, classOf: ArrayLike<number>): Means {
  const sums = new Map<number, { sum: Float64Array; beats: number }>();
  for (let row = 0; row * width < values.length; row++) {
    const of = sums.get(classOf[row]) ?? { sum: new Float64Array(width), beats: 0 };
    sums.set(classOf[row], of);
    of.beats++;
    for (let i = 0; i < width; i++) of.sum[i] += values[row * width + i];
  }
  const inOrder = [...sums].sort(([a], [b]) => a - b);
  return new Map(inOrder.map(([number, { sum, beats }]) => [number, sum.map((value) => value / beats)]));
}

function diagonalWhitening({ values, width }: HiddenRows, classOf: ArrayLike<number>, means: Means): Float32Array {
  const squares = new Float64Array(width);
  const beats = values.length / width;
  for (let row = 0; row < beats; row++) {
    const mean = means.get(classOf[row])!;
    for (let i = 0; i < width; i++) squares[i] += (values[row * width + i] - mean[i]) ** 2 / beats;
  }
  const floor = floorOf(squares);
  return Float32Array.from(squares, (variance) => 1 / Math.sqrt(variance + floor));
}

/** Returns the inverse of the Cholesky factor of the covariance within the classes. */
function fullWhitening({ values, width }: HiddenRows, classOf: ArrayLike<number>, means: Means): Float32Array {
  const beats = values.length / width;
  const covariance = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (let row = 0; row < beats; row++) {
    const mean = means.get(classOf[row])!;
    for (let i = 0; i < width; i++) centred[i] = values[row * width + i] - mean[i];
    for (let i = 0; i < width; i++) {
      for (let k = 0; k <= i; k++) covariance[i * width + k] += (centred[i] * centred[k]) / beats;
    }
  }
  const floor = floorOf(Float64Array.from({ length: width }, (_, i) => covariance[i * width + i]));
  for (let i = 0; i < width; i++) covariance[i * width + i] += floor;
  return invertLower(cholesky(covariance, width), width);
}

function floorOf(variances: Float64Array): number {
  return (VARIANCE_FLOOR * variances.reduce((a, b) => a + b, 0)) / variances.length || 1;
}

/** Returns the lower triangle L of a positive definite matrix L·Lᵀ. @param matrix its lower triangle is read */
function cholesky(matrix: Float64Array, width: number): Float64Array {
  const lower = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let k = 0; k <= i; k++) {
      let sum = matrix[i * width + k];
      for (let j = 0; j < k; j++) sum -= lower[i * width + j] * lower[k * width + j];
      lower[i * width + k] = i === k ? Math.sqrt(sum) : sum / lower[k * width + k];
    }
  }
  return lower;
}

function invertLower(lower: Float64Array, width: number): Float32Array {
  const inverse = new Float64Array(width * width);
  for (let column = 0; column < width; column++) {
    for (let i = column; i < width; i++) {
      let sum = i === column ? 1 : 0;
      for (let k = column; k < i; k++) sum -= lower[i * width + k] * inverse[k * width + column];
      inverse[i * width + column] = sum / lower[i * width + i];
    }
  }
  return Float32Array.from(inverse);
}
