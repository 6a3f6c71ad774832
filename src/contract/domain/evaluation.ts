/** How good a classifier is on a part of the data. Definitions as scikit-learn has them. */

/** Counts: row = true class, column = predicted class. */
export type ConfusionMatrix = number[][];

/** Bounds of what a share may be, from 0 to 1. */
export interface Interval {
  low: number;
  high: number;
}

/** 95 % intervals of a class's figures. */
export interface ClassIntervals {
  /** Beats of the class that were predicted as such, and all that were. */
  correct: number;
  predicted: number;
  /** Null where the class never occurs, and where it is never predicted. */
  sensitivityInterval: Interval | null;
  ppvInterval: Interval | null;
}

/** 95 % intervals of what a confusion matrix says. */
export interface EvaluationIntervals {
  beats: number;
  correct: number;
  accuracy: Interval | null;
  perClass: ClassIntervals[];
}

export interface ClassMetrics {
  /** Class label, such as `N` or `V`. */
  label: string;
  /** Positive predictivity: TP / (TP + FP); 0 where the class is never predicted. */
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
  /** Mean over the classes that occur or are predicted, each counting the same. */
  macroF1: number;
  /** Mean over the classes, each counting by its support. */
  weightedF1: number;
  perClass: ClassMetrics[];
  confusion: ConfusionMatrix;
}
