/** Metrics of a classifier on one set, by scikit-learn's definitions. */

/** Counts: row = true class, column = predicted class. */
export type ConfusionMatrix = number[][];

/** Bounds of a share, from 0 to 1. */
export interface Interval {
  low: number;
  high: number;
}

/** Specificity of a class, and 95 % intervals of its metrics. */
export interface ClassIntervals {
  /** Correctly predicted beats of the class, and all beats predicted as it. */
  correct: number;
  predicted: number;
  /** Null where the class never occurs (sensitivity) or is never predicted (PPV). */
  sensitivityInterval: Interval | null;
  ppvInterval: Interval | null;
  /** Specificity: TN / (TN + FP); null, like its interval, where every beat is of the class. */
  specificity: number | null;
  specificityInterval: Interval | null;
}

/** 95 % intervals of the metrics of a confusion matrix. */
export interface EvaluationIntervals {
  beats: number;
  correct: number;
  accuracy: Interval | null;
  perClass: ClassIntervals[];
}

export interface ClassMetrics {
  /** Class label, such as `N` or `V`. */
  label: string;
  /** PPV: TP / (TP + FP); 0 where the class is never predicted. */
  ppv: number;
  /** Sensitivity: TP / (TP + FN); 0 where the class never occurs. */
  sensitivity: number;
  f1: number;
  /** True beats of the class. */
  support: number;
}

export interface Evaluation {
  /** Mean cross-entropy, in nats. */
  loss: number;
  accuracy: number;
  /** Mean over the classes that occur or are predicted, with equal weights. */
  macroF1: number;
  /** Mean over the classes, weighted by their support. */
  weightedF1: number;
  perClass: ClassMetrics[];
  confusion: ConfusionMatrix;
}

/**
 * Metrics over the test sets of several folds: their confusion matrices are added, and the metrics are computed from the
 * sum. Each patient is tested once.
 */
export interface PooledFolds {
  /** Runs of the folds. */
  runs: number[];
  /** Number of folds that the patients were divided into; more than `runs` while folds are missing. */
  folds: number;
  evaluation: Omit<Evaluation, "loss">;
  intervals: EvaluationIntervals;
}

/** Mean and standard deviation of a class's metrics over runs; runs in which a metric is undefined are left out. */
export interface ClassSpread {
  label: string;
  sensitivity: Spread;
  ppv: Spread;
  f1: Spread;
}

/** Mean and sample standard deviation over n values; null where n is too small. */
export interface Spread {
  n: number;
  mean: number | null;
  deviation: number | null;
}

/** Metrics on the test beats of one recording. */
export interface RecordingResult {
  record: string;
  /** Number of its patient, from 0: recordings with the same number are of one patient. */
  patient: number;
  beats: number;
  /** Wrongly classified beats. */
  errors: number;
  accuracy: number;
  /** In the order of the labels. */
  perClass: ClassMetrics[];
}

/** 95 % intervals over patients: how much metrics would vary with other patients of the same kind. */
export interface PatientIntervals {
  patients: number;
  /** Number of bootstrap resamples. */
  resamples: number;
  accuracy: Interval;
  macroF1: Interval;
  weightedF1: Interval;
  /** Null, like all areas, where probabilities were not given. */
  loss: Interval | null;
  macroRocArea: Interval | null;
  macroAveragePrecision: Interval | null;
  /** In the order of the labels. */
  perClass: ClassPatientIntervals[];
}

/** Null where fewer than five patients have the class, or beats predicted as it (PPV). */
export interface ClassPatientIntervals {
  sensitivity: Interval | null;
  ppv: Interval | null;
  specificity: Interval | null;
  f1: Interval | null;
  rocArea: Interval | null;
  averagePrecision: Interval | null;
}

/** A class of which one recording has more than half of the test beats, and its metrics without that recording. */
export interface DominatedClass {
  label: string;
  record: string;
  /** Test beats of the class in this recording, and in all. */
  beats: number;
  of: number;
  /** Without the recording: null where no beat of the class (sensitivity, F1) or predicted as it (PPV) remains. */
  sensitivity: number | null;
  ppv: number | null;
  f1: number | null;
}

/** A class that too few patients or beats of the test set have to be judged. */
export interface RareClass {
  label: string;
  beats: number;
  patients: number;
}

export interface PatientResults {
  labels: string[];
  /** Recordings with test beats, those with the most errors first. */
  recordings: RecordingResult[];
  dominated: DominatedClass[];
  rare: RareClass[];
  /** Null with fewer than five patients. */
  intervals: PatientIntervals | null;
}

/** Returns the classes that occur in the test set, with their position among the labels. */
export function testedClasses({ labels, recordings }: PatientResults): { label: string; number: number }[] {
  return labels.flatMap((label, number) =>
    recordings.some(({ perClass }) => perClass[number].support > 0) ? [{ label, number }] : [],
  );
}
