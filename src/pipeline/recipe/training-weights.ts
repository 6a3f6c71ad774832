/**
 * Weights of the training loss, and scaling of the features: both by training beats alone.
 *
 * A class weighs (n_c / n) · (n_0 / n_c)^0.3, where n_c beats of n have it and n_0 the first class, N. The recordings that have the
 * class share this weight equally, whatever their number of beats: otherwise the patient with most ectopic beats decides.
 */

/** Exponent between beats as they are (0) and classes of equal weight (1). */
const RARE_CLASS_EXPONENT = 0.3;
/** A recording with fewer beats of a class weighs less than others: few beats may be annotated wrongly. */
const MIN_BEATS_OF_CLASS = 8;
/** Weight of all synthetic beats of a class, over that of the real ones. */
const SYNTHETIC_WEIGHT = 0.2;

/** Training beats in rows; those of a recording are consecutive. */
export interface WeightedBeats {
  /** Class of each row. */
  classes: Uint8Array;
  /** Recording of each row. */
  record: Uint32Array;
  /** Rows of the training set. */
  train: Uint32Array;
  /** Whether a row weighs nothing, such as an aberrated beat. */
  isLeftOut: (row: number) => boolean;
  /** Classes that weigh nothing. */
  leftOutClasses: ReadonlySet<number>;
  /** First row of synthetic recordings. */
  syntheticFrom: number;
}

/** Returns a weight for each row: training beats have mean 1, and all other rows 1. */
export function trainingWeights(beats: WeightedBeats): Float32Array {
  const weights = new Float32Array(beats.classes.length).fill(1);
  const real = beats.train.filter((row) => row < beats.syntheticFrom);
  const synthetic = beats.train.filter((row) => row >= beats.syntheticFrom);
  const classWeights = weightsOfClasses(beats, real);
  share(beats, real, classWeights, weights);
  share(
    beats,
    synthetic,
    classWeights.map((weight) => weight * SYNTHETIC_WEIGHT),
    weights,
  );
  const mean = beats.train.reduce((sum, row) => sum + weights[row], 0) / beats.train.length;
  for (const row of beats.train) weights[row] /= mean;
  return weights;
}

function weightsOfClasses({ classes, leftOutClasses }: WeightedBeats, rows: Uint32Array): number[] {
  const counts: number[] = [];
  for (const row of rows) counts[classes[row]] = (counts[classes[row]] ?? 0) + 1;
  const counted = Array.from(counts, (count = 0, number) => (leftOutClasses.has(number) ? 0 : count));
  const all = counted.reduce((a, b) => a + b, 0);
  // Without normal beats, rare classes are compared with all beats.
  const common = counted[0] === 0 ? all : counted[0];
  return counted.map((count) => (count === 0 ? 0 : (count / all) * (common / count) ** RARE_CLASS_EXPONENT));
}

/** Shares each class's weight among the recordings that have it, and there among its beats. */
function share(beats: WeightedBeats, rows: Uint32Array, classWeights: readonly number[], weights: Float32Array): void {
  const { classes, record, isLeftOut } = beats;
  const groups = new Map<string, number>();
  const groupOf = (row: number): string => `${record[row]}/${classes[row]}`;
  for (const row of rows) groups.set(groupOf(row), (groups.get(groupOf(row)) ?? 0) + 1);
  const sums: number[] = [];
  for (const row of rows) {
    weights[row] = isLeftOut(row) ? 0 : 1 / Math.max(groups.get(groupOf(row))!, MIN_BEATS_OF_CLASS);
    sums[classes[row]] = (sums[classes[row]] ?? 0) + weights[row];
  }
  for (const row of rows) {
    const sum = sums[classes[row]];
    weights[row] *= sum === 0 ? 0 : (classWeights[classes[row]] ?? 0) / sum;
  }
}
