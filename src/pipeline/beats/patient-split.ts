/**
 * Patient-specific sets: which beats of a recording are trained on and which are tested, and which beats of other patients
 * join them.
 *
 * The first minutes are trained on and the rest is tested, as in P. de Chazal, R. B. Reilly, IEEE Transactions on Biomedical
 * Engineering 53 (2006), 2535–2543, and S. Kiranyaz, T. Ince, M. Gabbouj, ibid. 63 (2016), 664–675, which adds common beats of
 * other patients.
 */
import { HELD_OUT_EVERY } from "../../contract/domain/patient-choice.ts";

/** Beats of one recording in order of time. */
export interface PatientBeats {
  /** R-peaks, in samples of the recording. */
  samples: ArrayLike<number>;
  /** Class of each beat; −1: it has none, and is in no set. */
  classes: ArrayLike<number>;
}

/**
 * Divides the beats of a recording.
 * @param end first sample that is tested; null: every fifth beat is, counted class by class
 */
export function splitPatient(
  { samples, classes }: PatientBeats,
  end: number | null,
): { train: Uint32Array; test: Uint32Array } {
  const rows = Array.from(samples, (_, row) => row).filter((row) => classes[row] >= 0);
  if (end !== null) {
    return {
      train: Uint32Array.from(rows.filter((row) => samples[row] < end)),
      test: Uint32Array.from(rows.filter((row) => samples[row] >= end)),
    };
  }
  const byClass = rows.toSorted((a, b) => classes[a] - classes[b] || a - b);
  const isTested = (_: number, i: number): boolean => i % HELD_OUT_EVERY === HELD_OUT_EVERY - 1;
  return {
    train: Uint32Array.from(byClass.filter((row, i) => !isTested(row, i)).sort((a, b) => a - b)),
    test: Uint32Array.from(byClass.filter(isTested).sort((a, b) => a - b)),
  };
}

/** Returns at most some of the rows, evenly spaced. @param rows ascending */
export function thinned(rows: Uint32Array, count: number): Uint32Array {
  if (rows.length <= count) return rows;
  return Uint32Array.from({ length: count }, (_, i) => rows[Math.floor(((i + 0.5) * rows.length) / count)]);
}

/** Returns at most some rows of each class, evenly spaced, ascending. */
export function thinnedByClass(rows: Uint32Array, classes: ArrayLike<number>, count: number): Uint32Array {
  const byClass = Map.groupBy(rows, (row) => classes[row]);
  return Uint32Array.from([...byClass.values()].flatMap((of) => [...thinned(Uint32Array.from(of), count)])).sort();
}

/** Consecutive rows of one recording, from `from` to `to` − 1. */
export interface RowStretch {
  record: number;
  from: number;
  to: number;
}

/**
 * Returns the stretches that hold some rows and their neighbours in sequences: the neighbours must be stored too.
 * @param records recording of each row; those of a recording are consecutive
 */
export function withNeighbours(
  rows: Iterable<number>,
  records: Uint32Array,
  { before, after }: { before: number; after: number },
): RowStretch[] {
  const kept = new Set<number>();
  for (const row of rows) {
    for (let each = row - before; each <= row + after; each++) if (records[each] === records[row]) kept.add(each);
  }
  const stretches: RowStretch[] = [];
  for (const row of [...kept].sort((a, b) => a - b)) {
    const last = stretches.at(-1);
    if (last !== undefined && last.to === row && last.record === records[row]) last.to++;
    else stretches.push({ record: records[row], from: row, to: row + 1 });
  }
  return stretches;
}

/** Exponent between beats as they are (0) and classes of equal weight (1), as in the training of rhythm and shape. */
const RARE_CLASS_EXPONENT = 0.3;

/**
 * Returns weights of a patient's training beats, of mean 1: rare classes weigh more than their number.
 * @param leftOut class that weighs nothing; −1: none
 */
export function patientWeights(classes: readonly number[], leftOut: number): number[] {
  const counts = new Map<number, number>();
  for (const number of classes) counts.set(number, (counts.get(number) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const weights = classes.map((number) =>
    number === leftOut ? 0 : (most / counts.get(number)!) ** RARE_CLASS_EXPONENT,
  );
  return ofMeanOne(weights);
}

/**
 * Returns weights of replayed beats, of mean 1: the replayed beats of a class together have the class's share of the weight of all
 * training beats. Without it, a rare class, which is replayed whole, would outweigh the classes of which few beats are replayed.
 * @param rows all training rows, and those of them that are replayed
 */
export function replayWeights(
  { all, train }: { all: Uint32Array; train: Uint32Array },
  classes: ArrayLike<number>,
  weightOf: (row: number) => number,
): number[] {
  const sumsOf = (rows: Uint32Array): number[] => {
    const sums: number[] = [];
    for (const row of rows) sums[classes[row]] = (sums[classes[row]] ?? 0) + weightOf(row);
    return sums;
  };
  const [expected, replayed] = [sumsOf(all), sumsOf(train)];
  const weights = Array.from(train, (row) => {
    const sum = replayed[classes[row]];
    return sum === 0 ? 0 : (weightOf(row) * expected[classes[row]]) / sum;
  });
  return ofMeanOne(weights);
}

/** Scales weights to a mean of 1; weights that are all 0 become 1. */
function ofMeanOne(weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => (sum === 0 ? 1 : (weight * weights.length) / sum));
}
