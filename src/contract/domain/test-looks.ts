/** Looks at a test set: how often runs were evaluated on it, and with which settings. */

/** How often a run's test set was evaluated in this workspace. */
export interface LookCount {
  /** Evaluations of runs on the same test beats with the same classes, those of deleted runs too. */
  looks: number;
  /** Number of this run's evaluation among them, from 1. */
  position: number;
  /** Evaluations of the same recordings with other beats or classes, such as another window or class map. */
  sameRecordings: number;
}

/** One evaluation of a run on a test set. */
export interface TestLook {
  run: number;
  /** Whether the run has been deleted. */
  isDeleted: boolean;
  /** Experiment that the run belongs to; null: none. */
  experiment: { id: number; name: string } | null;
  /** ISO 8601, UTC. */
  at: string;
  /** Name of the network. */
  network: string;
  preparation: number;
  /** Settings that differ from those of the look before: their values at this look. */
  changes: SettingValue[];
  accuracy: number;
  macroF1: number;
}

/** Value of one setting. */
export interface SettingValue {
  /** Path of the setting, such as `training.learningRate`. */
  name: string;
  value: string | null;
}
