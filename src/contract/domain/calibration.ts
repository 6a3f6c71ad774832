/** Calibration of a run's probabilities, and sensitivity at a rate of false positives per hour, on the test set. */

/** Beats whose predicted class has a probability above `low`, up to `high`. */
export interface ReliabilityBin {
  low: number;
  high: number;
  beats: number;
  /** Mean probability of the predicted class; null without beats. */
  confidence: number | null;
  /** Share of correctly predicted beats; null without beats. */
  accuracy: number | null;
}

export interface Reliability {
  bins: ReliabilityBin[];
  /** Expected calibration error: mean |accuracy − confidence| over the bins, weighted by beats. */
  error: number;
}

/** Threshold of a class's probability that keeps a rate of false positives. */
export interface AlarmPoint {
  label: string;
  /** Null where no threshold keeps the rate, and where the class does not occur. */
  threshold: number | null;
  /** Null where the class does not occur in the test set. */
  sensitivity: number | null;
  ppv: number | null;
  /** False positives per hour at the threshold. */
  perHour: number | null;
}

export interface Calibration {
  /** Fitted on the validation set; null for runs of earlier versions, which have none. */
  temperature: number | null;
  /** Of the probabilities as the network gives them, on the test set. */
  before: Reliability;
  /** Of the probabilities at the temperature. */
  after: Reliability | null;
  /** Null where test beats are synthetic: they belong to no time. */
  alarms: { hours: number; rate: number; points: AlarmPoint[] } | null;
}

/** False positives per hour that pages, reports and the command line use unless another rate is chosen. */
export const DEFAULT_ALARM_RATE = 1;
