/** Results by recording, and how uncertain metrics are because patients differ. */
import type {
  ClassMetrics,
  ConfusionMatrix,
  DominatedClass,
  Interval,
  PatientIntervals,
  PatientResults,
  RareClass,
} from "../../contract/domain/evaluation.ts";
import { randomStream } from "../random.ts";
import { areaIntervals, type PatientScores } from "./patient-areas.ts";
import { classificationReport } from "./classification-report.ts";
import { addTo, emptyMatrix } from "./confusion.ts";
import { meanCrossEntropy } from "./cross-entropy.ts";
import { percentiles } from "./percentiles.ts";

const RESAMPLES = 2000;
/** The intervals of a run are the same at every look. */
const SEED = 1;
/** An interval of a sensitivity near 50 % is 40 points wide with this many independent beats (wilson.ts). */
export const MIN_BEATS = 20;
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
  /** Beats × classes; absent: no intervals of loss and areas. */
  probabilities?: Float32Array | undefined;
}

/** Returns the metrics of each recording with test beats, most errors first, and intervals over patients. */
export function resultsByPatient(tested: TestedRecordings): PatientResults {
  const { labels, records, patients, ...beats } = tested;
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
  const matrices = [...ofPatient.values()];
  return {
    labels: [...labels],
    recordings: recordings.sort((a, b) => b.errors - a.errors),
    dominated: dominatedClasses(ofRecord, labels, records),
    rare: rareClasses(matrices, labels),
    intervals:
      matrices.length < MIN_PATIENTS
        ? null
        : patientIntervals(matrices, labels, { scores: scoresByPatient(tested, [...ofPatient.keys()]) }),
  };
}

/** Returns the results over the test sets of several folds; null where their recordings differ, which have no common numbering. */
export function mergeTested(folds: readonly TestedRecordings[]): TestedRecordings | null {
  const [first] = folds;
  const names = ({ labels, records }: TestedRecordings): string => JSON.stringify([labels, records]);
  if (first === undefined || folds.some((fold) => names(fold) !== names(first))) return null;
  const all = (of: (fold: TestedRecordings) => ArrayLike<number>): number[] =>
    folds.flatMap((fold) => Array.from(of(fold)));
  const probabilities = folds.flatMap((fold) => fold.probabilities ?? []);
  return {
    ...first,
    truth: all(({ truth }) => truth),
    predicted: all(({ predicted }) => predicted),
    record: all(({ record }) => record),
    probabilities: probabilities.length < folds.length ? undefined : joined(probabilities),
  };
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let next = 0;
  for (const piece of pieces) {
    whole.set(piece, next);
    next += piece.length;
  }
  return whole;
}

/** Returns the classes of which one recording has more than half of the test beats, with the metrics of the other recordings. */
function dominatedClasses(
  ofRecord: readonly ConfusionMatrix[],
  labels: readonly string[],
  records: readonly string[],
): DominatedClass[] {
  return labels.flatMap((label, number) => {
    const beats = ofRecord.map((matrix) => matrix[number].reduce((a, b) => a + b, 0));
    const of = beats.reduce((a, b) => a + b, 0);
    const record = beats.findIndex((count) => count > of / 2);
    // All beats in the only tested recording: without it, nothing is left.
    if (record < 0 || ofRecord.filter((matrix) => matrix.flat().some((count) => count > 0)).length < 2) return [];
    const others = emptyMatrix(labels.length);
    ofRecord.forEach((matrix, i) => i !== record && addTo(others, matrix));
    const { sensitivity, ppv, f1, support } = classificationReport(others, labels).perClass[number];
    return [
      {
        label,
        record: records[record],
        beats: beats[record],
        of,
        sensitivity: support === 0 ? null : sensitivity,
        ppv: columnSum(others, number) === 0 ? null : ppv,
        f1: support === 0 ? null : f1,
      },
    ];
  });
}

function rareClasses(matrices: readonly ConfusionMatrix[], labels: readonly string[]): RareClass[] {
  return labels.flatMap((label, number) => {
    const beats = matrices.map((matrix) => matrix[number].reduce((a, b) => a + b, 0));
    const of = beats.reduce((a, b) => a + b, 0);
    const patients = beats.filter((count) => count > 0).length;
    return of > 0 && (patients < MIN_PATIENTS || of < MIN_BEATS) ? [{ label, beats: of, patients }] : [];
  });
}

/** Returns the probabilities with the patient of each beat, numbered as in `order`. */
function scoresByPatient(
  { probabilities, truth, record, patients }: TestedRecordings,
  order: readonly number[],
): PatientScores | undefined {
  if (probabilities === undefined) return undefined;
  const place = new Map(order.map((patient, i) => [patient, i]));
  return {
    probabilities,
    truth: Uint8Array.from(truth),
    patient: Uint16Array.from(record, (number) => place.get(patients[number])!),
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
  {
    resamples = RESAMPLES,
    seed = SEED,
    scores,
  }: { resamples?: number; seed?: number; scores?: PatientScores | undefined } = {},
): PatientIntervals {
  const random = randomStream(seed, "patient bootstrap");
  const summary: Record<"accuracy" | "macroF1" | "weightedF1", number[]> = {
    accuracy: [],
    macroF1: [],
    weightedF1: [],
  };
  const classes = labels.map((): ClassSamples => ({ sensitivity: [], ppv: [], specificity: [], f1: [] }));
  const ofLoss = scores && lossOfPatients(scores, matrices.length, labels.length);
  const losses: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    const confusion = emptyMatrix(labels.length);
    let [loss, beats] = [0, 0];
    for (let drawn = 0; drawn < matrices.length; drawn++) {
      const patient = random.below(matrices.length);
      addTo(confusion, matrices[patient]);
      loss += ofLoss?.[patient].loss ?? 0;
      beats += ofLoss?.[patient].beats ?? 0;
    }
    losses.push(loss / beats);
    const { perClass, ...report } = classificationReport(confusion, labels);
    summary.accuracy.push(report.accuracy);
    summary.macroF1.push(report.macroF1);
    summary.weightedF1.push(report.weightedF1);
    const total = perClass.reduce((sum, { support }) => sum + support, 0);
    perClass.forEach((metrics, label) =>
      collect(classes[label], metrics, { predicted: columnSum(confusion, label), total }),
    );
  }
  const patientsWith = labels.map((_, label) => ({
    true: matrices.filter((matrix) => matrix[label].some((beats) => beats > 0)).length,
    predicted: matrices.filter((matrix) => columnSum(matrix, label) > 0).length,
  }));
  const areas = scores && areaIntervals(scores, matrices.length, labels.length, seed);
  return {
    patients: matrices.length,
    resamples,
    accuracy: percentiles(summary.accuracy),
    macroF1: percentiles(summary.macroF1),
    weightedF1: percentiles(summary.weightedF1),
    loss: ofLoss === undefined ? null : percentiles(losses),
    macroRocArea: areas?.macroRocArea ?? null,
    macroAveragePrecision: areas?.macroAveragePrecision ?? null,
    perClass: classes.map(({ sensitivity, ppv, specificity, f1 }, label) => {
      const { true: occurring, predicted } = patientsWith[label];
      const ifOften = (interval: Interval | null | undefined): Interval | null =>
        occurring < MIN_PATIENTS ? null : (interval ?? null);
      return {
        sensitivity: ifOften(percentiles(sensitivity)),
        ppv: predicted < MIN_PATIENTS ? null : percentiles(ppv),
        specificity: specificity.length === 0 ? null : percentiles(specificity),
        f1: ifOften(percentiles(f1)),
        rocArea: ifOften(areas?.perClass[label].rocArea),
        averagePrecision: ifOften(areas?.perClass[label].averagePrecision),
      };
    }),
  };
}

/** Metrics of a class in the resamples in which they are defined. */
type ClassSamples = Record<"sensitivity" | "ppv" | "specificity" | "f1", number[]>;

/** Adds the metrics of a resample, except those that are not defined in it. */
function collect(
  into: ClassSamples,
  { sensitivity, ppv, f1, support }: ClassMetrics,
  { predicted, total }: { predicted: number; total: number },
): void {
  const others = total - support;
  if (others > 0) into.specificity.push((others - (predicted - sensitivity * support)) / others);
  if (support > 0) into.sensitivity.push(sensitivity);
  if (predicted > 0) into.ppv.push(ppv);
  if (support > 0) into.f1.push(f1);
}

/** Returns the sum of the losses and the number of beats of each patient. */
function lossOfPatients(
  { probabilities, truth, patient }: PatientScores,
  patients: number,
  classes: number,
): { loss: number; beats: number }[] {
  const sums = Array.from({ length: patients }, () => ({ loss: 0, beats: 0 }));
  for (let beat = 0; beat < truth.length; beat++) {
    const row = probabilities.subarray(beat * classes, (beat + 1) * classes);
    const sum = sums[patient[beat]];
    sum.loss += meanCrossEntropy(row, classes, [truth[beat]]);
    sum.beats++;
  }
  return sums;
}

function columnSum(matrix: ConfusionMatrix, column: number): number {
  return matrix.reduce((sum, row) => sum + row[column], 0);
}
