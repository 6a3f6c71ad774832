/** Runs laid side by side. */

/** One class against the others as the threshold falls; points from (0, 0) on. Areas are of all points, not of those kept. */
export interface ThresholdCurves {
  positives: number;
  negatives: number;
  /** NaN where the class, or any other, does not occur. */
  rocArea: number;
  averagePrecision: number;
  falsePositiveRate: number[];
  /** Sensitivity. */
  recall: number[];
  /** Positive predictivity. */
  precision: number[];
}

/** What two runs make of the same test beats. */
export interface PairedTest {
  bothRight: number;
  /** Right in the first run alone, and in the second alone. */
  onlyOne: number;
  onlyOther: number;
  bothWrong: number;
  /** McNemar's, exact and two-sided. */
  pValue: number;
}
