/** Mean beats of the classes of a test set, and of the beats that were confused. */
import type {
  ClassShapes,
  ConfusedBeat,
  Confusion,
  MeanBeat,
  ShapeDistances,
} from "../../contract/domain/class-shapes.ts";

/** Beats listed of each pair of classes. */
export const CLOSEST_BEATS = 3;

export interface TestedShapes {
  /** Real beats, rows of `length` values. */
  values: Float32Array;
  length: number;
  /** Examples of the test set; those from the number of real beats on are synthetic. */
  examples: Uint32Array;
  /** Classes of each test beat. */
  truth: Uint8Array;
  predicted: Uint8Array;
  classes: number;
}

/** A confusion whose beats have neither places in recordings nor probabilities. */
export interface ConfusionShape extends Omit<Confusion, "closest"> {
  closest: Pick<ConfusedBeat, "number" | "place" | "distances">[];
}
export type FoundShapes = Pick<ClassShapes, "synthetic" | "classes"> & { confusions: ConfusionShape[] };

/**
 * Returns the mean beat of each class, and each pair of true and predicted class that was confused. Synthetic beats are
 * left out: they have the shape of those they lie between.
 */
export function classShapes({ values, length, examples, truth, predicted, classes }: TestedShapes): FoundShapes {
  const realCount = values.length / length;
  const rowOf = (i: number): Float32Array => values.subarray(examples[i] * length, (examples[i] + 1) * length);
  const real = [...examples.keys()].filter((i) => examples[i] < realCount);
  const means = Array.from({ length: classes }, (_, label) =>
    meanOf(
      real.filter((i) => truth[i] === label),
      rowOf,
      length,
    ),
  );
  const distancesOf = (row: Float32Array, one: number, other: number): ShapeDistances => ({
    truth: distance(row, means[one].mean),
    predicted: distance(row, means[other].mean),
  });
  const wrong = Map.groupBy(
    real.filter((i) => truth[i] !== predicted[i]),
    (i) => truth[i] * classes + predicted[i],
  );
  const confusions = [...wrong].map(([pair, numbers]): ConfusionShape => {
    const [one, other] = [Math.floor(pair / classes), pair % classes];
    const mean = meanOf(numbers, rowOf, length);
    const placed = numbers
      .sort((a, b) => examples[a] - examples[b])
      .map((number, place) => ({ number, place, distances: distancesOf(rowOf(number), one, other) }));
    // A class without test beats has no mean: the beats closest to the true class come first then.
    const order = ({ distances }: (typeof placed)[number]): number => distances.predicted ?? distances.truth ?? 0;
    return {
      truth: one,
      predicted: other,
      ...mean,
      distances: distancesOf(mean.mean, one, other),
      closest: placed.sort((a, b) => order(a) - order(b)).slice(0, CLOSEST_BEATS),
    };
  });
  return {
    synthetic: examples.length - real.length,
    classes: means,
    confusions: confusions.sort((a, b) => a.truth - b.truth || b.beats - a.beats || a.predicted - b.predicted),
  };
}

function meanOf(numbers: readonly number[], rowOf: (i: number) => Float32Array, length: number): MeanBeat {
  const beats = numbers.length;
  if (beats === 0) return { beats, mean: new Float32Array(), sd: new Float32Array() };
  const mean = new Float64Array(length);
  for (const number of numbers) {
    const row = rowOf(number);
    for (let i = 0; i < length; i++) mean[i] += row[i];
  }
  for (let i = 0; i < length; i++) mean[i] /= beats;
  // Two passes: sums of squares would lose the digits of a small deviation beside a large mean.
  const squares = new Float64Array(length);
  for (const number of numbers) {
    const row = rowOf(number);
    for (let i = 0; i < length; i++) squares[i] += (row[i] - mean[i]) ** 2;
  }
  const sd = Float32Array.from(squares, (sum) => Math.sqrt(sum / Math.max(1, beats - 1)));
  return { beats, mean: Float32Array.from(mean), sd };
}

/** Returns the root mean square of the differences; null where there is no mean. */
function distance(row: Float32Array, mean: Float32Array): number | null {
  if (mean.length === 0) return null;
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += (row[i] - mean[i]) ** 2;
  return Math.sqrt(sum / row.length);
}
