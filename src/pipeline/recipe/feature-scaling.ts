/** Scaling of features: less the mean of the training beats, over their standard deviation, within ±clip. */

export interface FeatureScaling {
  mean: number[];
  deviation: number[];
  /** Largest absolute value of a scaled feature. */
  clip: number;
}

const CLIP = 2;
/** Added to the standard deviation: a constant feature becomes 0. */
const MIN_DEVIATION = 1e-6;

/** A table of features: a row for each beat. */
export interface FeatureTable {
  values: Float32Array;
  /** Features of a beat. */
  width: number;
}

/** Fits the scaling to some rows. */
export function fitScaling({ values, width }: FeatureTable, rows: Uint32Array): FeatureScaling {
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  for (const row of rows) for (let i = 0; i < width; i++) sums[i] += values[row * width + i];
  const mean = Array.from(sums, (sum) => sum / rows.length);
  for (const row of rows) for (let i = 0; i < width; i++) squares[i] += (values[row * width + i] - mean[i]) ** 2;
  const deviation = Array.from(squares, (sum) => Math.sqrt(sum / rows.length) + MIN_DEVIATION);
  return { mean, deviation, clip: CLIP };
}

/** Scales the features in place. */
export function scaleFeatures({ values, width }: FeatureTable, { mean, deviation, clip }: FeatureScaling): void {
  for (let offset = 0; offset < values.length; offset += width) {
    for (let i = 0; i < width; i++) {
      const scaled = (values[offset + i] - mean[i]) / deviation[i];
      values[offset + i] = Math.min(clip, Math.max(-clip, scaled));
    }
  }
}
