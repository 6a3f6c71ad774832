/** Results by recording, and how uncertain metrics are because patients differ. */
import type {
  ClassMetrics,
  ConfusionMatrix,
  Interval,
  PatientIntervals,
  PatientResults,
} from "../../contract/domain/evaluation.ts";
import { randomStream } from "../random.ts";
import { classificationReport } from "./classification-report.ts";
import { addTo, emptyMatrix } from "./confusion.ts";

const RESAMPLES = 2000;
/** The intervals of a run are the same at every look. */
const SEED = 1;
const [LOW, HIGH] = [0.025, 0.975];
/** With fewer, percentiles are little more than the range over patients, and no width would claim certainty. */
export const MIN_PATIENTS = 5;

export interface TestedRecordings {
  labels: readonly string[];
  /** Names of the recordings in their numbering, and the patient of each, from 0. */
  records: readonly string[];
  patients: readonly number[];
  /** Of each test beat: true and predicted class, and number of the recording. */
  truth: ArrayLike<number>;
  predicted: ArrayLike<number>;
  record: ArrayLike<number>;
}

/** Returns the metrics of each recording with test beats, most errors first, and intervals over patients. */
export function resultsByPatient({ labels, records, patients, ...beats }: TestedRecordings): PatientResults {
  const ofRecord = records.map(() => emptyMatrix(labels.length));
  for (let beat = 0; beat < beats.truth.length; beat++) {
    ofRecord[beats.record[beat]][beats.truth[beat]][beats.predicted[beat]]++;
  }
  const recordings = ofRecord.flatMap((confusion, number) => {
    const { accuracy, perClass } = classificationReport(confusion, labels);
    const count = perClass.reduce((sum, { support }) => sum + support, 0);
    const errors = count - confusion.reduce((sum, row, label) => sum + row[label], 0);
    return count === 0
      ? []
      : [{ record: records[number], patient: patients[number], beats: count, errors, accuracy, perClass }];
  });
  const ofPatient = new Map<number, ConfusionMatrix>();
  ofRecord.forEach((confusion, number) => {
    if (confusion.flat().every((beats) => beats === 0)) return;
    const ofAll = ofPatient.get(patients[number]) ?? emptyMatrix(labels.length);
    addTo(ofAll, confusion);
    ofPatient.set(patients[number], ofAll);
  });
  return {
    labels: [...labels],
    recordings: recordings.sort((a, b) => b.errors - a.errors),
    intervals: ofPatient.size < MIN_PATIENTS ? null : patientIntervals([...ofPatient.values()], labels),
  };
}

/**
 * Returns percentile intervals of the metrics by a bootstrap of patients: each resample draws as many patients as there are, with
 * replacement, and adds their confusion matrices. Beats of one patient are dependent, so that intervals over beats (wilson.ts) are too
 * narrow for the question how the network performs on other patients. With few patients, these are too narrow as well.
 *
 * Efron & Tibshirani, An Introduction to the Bootstrap (1993), 13.3; Field & Welsh, Bootstrapping clustered data, J R Stat Soc B 69
 * (2007): the cluster bootstrap.
 *
 * @param matrices one confusion matrix for each patient, at least {@link MIN_PATIENTS}
 */
export function patientIntervals(
  matrices: readonly ConfusionMatrix[],
  labels: readonly string[],
  { resamples = RESAMPLES, seed = SEED }: { resamples?: number; seed?: number } = {},
): PatientIntervals {
  const random = randomStream(seed, "patient bootstrap");
  const summary: Record<"accuracy" | "macroF1" | "weightedF1", number[]> = {
    accuracy: [],
    macroF1: [],
    weightedF1: [],
  };
  const classes = labels.map(() => ({ sensitivity: [] as number[], ppv: [] as number[], f1: [] as number[] }));
  for (let resample = 0; resample < resamples; resample++) {
    const confusion = emptyMatrix(labels.length);
    for (let drawn = 0; drawn < matrices.length; drawn++) addTo(confusion, matrices[random.below(matrices.length)]);
    const { perClass, ...report } = classificationReport(confusion, labels);
    summary.accuracy.push(report.accuracy);
    summary.macroF1.push(report.macroF1);
    summary.weightedF1.push(report.weightedF1);
    perClass.forEach((metrics, label) => collect(classes[label], metrics, columnSum(confusion, label)));
  }
  const patientsWith = labels.map((_, label) => ({
    true: matrices.filter((matrix) => matrix[label].some((beats) => beats > 0)).length,
    predicted: matrices.filter((matrix) => columnSum(matrix, label) > 0).length,
  }));
  return {
    patients: matrices.length,
    resamples,
    accuracy: percentiles(summary.accuracy),
    macroF1: percentiles(summary.macroF1),
    weightedF1: percentiles(summary.weightedF1),
    perClass: classes.map(({ sensitivity, ppv, f1 }, label) => {
      const { true: occurring, predicted } = patientsWith[label];
      return {
        sensitivity: occurring < MIN_PATIENTS ? null : percentiles(sensitivity),
        ppv: predicted < MIN_PATIENTS ? null : percentiles(ppv),
        f1: occurring < MIN_PATIENTS ? null : percentiles(f1),
      };
    }),
  };
}

/** Adds the metrics of a resample, except those that are not defined in it. */
function collect(
  into: { sensitivity: number[]; ppv: number[]; f1: number[] },
  { sensitivity, ppv, f1, support }: ClassMetrics,
  predicted: number,
): void {
  if (support > 0) into.sensitivity.push(sensitivity);
  if (predicted > 0) into.ppv.push(ppv);
  if (support > 0) into.f1.push(f1);
}

/** Returns the percentiles, interpolated linearly between values (scikit-learn and NumPy do the same by default). */
function percentiles(values: number[]): Interval {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const below = Math.floor(position);
    return sorted[below] + (position - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
  };
  return { low: at(LOW), high: at(HIGH) };
}

function columnSum(matrix: ConfusionMatrix, column: number): number {
  return matrix.reduce((sum, row) => sum + row[column], 0);
}
