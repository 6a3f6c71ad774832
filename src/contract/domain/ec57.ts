/** Comparison of two annotators of a recording by ANSI/AAMI EC57. */

/** How supraventricular escape beats (`e j n`) count: `ec57` in S, as WFDB's `bxb -L`; `aami` in N, as most papers. */
export const beatConventions = ["ec57", "aami"] as const;
export type BeatConvention = (typeof beatConventions)[number];

/** Labels of beats. */
export const beatLabels = ["N", "S", "V", "F", "Q"] as const;
export type BeatLabel = (typeof beatLabels)[number];

/**
 * Beats by the label of the reference annotator (row) and of the test annotator (column), in the order of
 * {@link beatLabels}. A sixth row and column, O, count beats without a partner. A seventh, X, counts beats whose partner
 * is missing because the other annotator marks the signal as unreadable.
 */
export type BeatMatrix = number[][];
/** Row and column of beats without a partner. */
export const NO_PARTNER = beatLabels.length;
/** Row and column of beats whose partner is missing in an unreadable interval. */
export const UNREADABLE = NO_PARTNER + 1;

/** Metrics in %, rounded to two decimals as WFDB's programs print them; null: no beat to divide by. */
export interface Ec57Metrics {
  qrsSensitivity: number | null;
  qrsPpv: number | null;
  vebSensitivity: number | null;
  vebPpv: number | null;
  /** Share of the other beats that the test annotator labels as ventricular ectopic; three decimals. */
  vebFalsePositiveRate: number | null;
  svebSensitivity: number | null;
  svebPpv: number | null;
}

/** Lengths of runs: two beats, three to five, six and more. */
export const runLengths = ["couplets", "shortRuns", "longRuns"] as const;
export type RunLength = (typeof runLengths)[number];

/** Runs of one length. */
export interface RunCounts {
  /** Runs of the reference annotator that the test annotator has, too. */
  detected: number;
  missed: number;
  /** Runs of the test annotator that the reference annotator has, too. */
  confirmed: number;
  unconfirmed: number;
}
export type RunTable = Record<RunLength, RunCounts>;

/** Metrics of one length of runs, in %, rounded to integers; null: no run. */
export type RunMetrics = Record<RunLength, { sensitivity: number | null; ppv: number | null }>;

/** Agreement on the labels of the beats that both annotators have. */
export interface LabelAgreement {
  /** Beats that both have. */
  beats: number;
  /** Beats with one label in both. */
  equal: number;
  /** Cohen's kappa, −1 to 1; null: no beat, or both use one label only. */
  kappa: number | null;
}

/** Counts of one recording, or sums of several. */
export interface Ec57Counts {
  matrix: BeatMatrix;
  ventricularRuns: RunTable;
  supraventricularRuns: RunTable;
}

/** One recording compared. */
export interface Ec57Record extends Ec57Metrics {
  record: string;
  /** Whether the reference has paced beats. EC57 leaves such recordings out of the sums. */
  paced: boolean;
  counts: Ec57Counts;
  /** Root mean square difference of RR intervals, in ms; null: no interval. */
  rrErrorMs: number | null;
  /** Time in which the test annotator marks the signal as unreadable, in s. */
  shutdownSeconds: number;
  ventricularRunMetrics: RunMetrics;
  supraventricularRunMetrics: RunMetrics;
  agreement: LabelAgreement;
}

/** Metrics over several recordings. */
export interface Ec57Summary {
  records: Ec57Record[];
  /** Metrics of the summed counts. */
  gross: Ec57Metrics & {
    counts: Ec57Counts;
    ventricularRunMetrics: RunMetrics;
    supraventricularRunMetrics: RunMetrics;
    agreement: LabelAgreement;
  };
  /** Means of the recordings' metrics; recordings in which a metric is null do not count. */
  average: Ec57Metrics & {
    rrErrorMs: number | null;
    ventricularRunMetrics: RunMetrics;
    supraventricularRunMetrics: RunMetrics;
  };
}

/** Learning period of EC57, in s: its beats are not compared. */
export const LEARNING_PERIOD_S = 300;

/** Predictions of a run on the recordings of its test set, compared with their annotations. */
export interface TestSetEc57 extends Ec57Summary {
  /** Start of the comparison, in s. */
  from: number;
  convention: BeatConvention;
}

/** Comparison of two annotation sets of a dataset. */
export interface SetComparison extends Ec57Summary {
  /** Usable recordings without annotations of one of the two. */
  skipped: string[];
}
