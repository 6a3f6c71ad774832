/** Runs in lists and on pages. */
import type { ErrorReport } from "./errors.ts";
import type { EvaluationIntervals } from "./evaluation.ts";
import type { ClassMapTitle } from "./class-maps.ts";
import type { Preparation, Protocol } from "./preparation.ts";
import type { Dataset } from "./datasets.ts";
import type { LookCount } from "./test-looks.ts";
import type { CheckpointPosition, DeviceInfo, RunRecord, RunStatus, TrainingSettings } from "./training.ts";

/** Name, notes and tags that the user gave a run. */
export interface RunRemarks {
  /** Empty: none. */
  name: string;
  notes: string;
  tags: string[];
}

/** Row of the table of runs: small enough for ten thousand runs. */
export interface RunOverview extends RunRemarks {
  id: number;
  status: RunStatus;
  settings: TrainingSettings;
  /** ISO 8601, UTC. */
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  error: ErrorReport | null;
  device: DeviceInfo | null;
  /** Name of the other machine that trains or trained it; null: this one, or none yet. */
  machine: string | null;
  preparation: { id: number; name: string; protocol: Protocol; classMap: ClassMapTitle };
  /** `testKey` of its preparation: test metrics are comparable among runs with the same key. */
  testKey: string;
  dataset: { id: number; name: string; synthetic: boolean };
  /** Number of trained epochs, and the best epoch. */
  epochs: number;
  bestEpoch: number | null;
  trainableParameters: number | null;
  seconds: number | null;
  /** Metrics on the test set; null before the run has ended. */
  test: { loss: number; accuracy: number; macroF1: number; weightedF1: number } | null;
}

/**
 * Metrics of each class on the test set, of all runs: one row for each class of each run. In columns, since ten thousand
 * runs with 15 classes have 150,000 rows.
 */
export interface ClassMetricTable {
  /** All classes, each once. */
  labels: string[];
  /** Number of the run. */
  run: Int32Array;
  /** Index of the class in `labels`. */
  label: Uint16Array;
  /** Sensitivity; NaN where the class does not occur in the test set. */
  sensitivity: Float64Array;
  ppv: Float64Array;
  f1: Float64Array;
}

/** A run with its preparation and dataset. */
export interface RunDetails {
  run: RunRecord;
  preparation: Preparation;
  dataset: Dataset;
  remarks: RunRemarks;
  /** 95 % intervals of its metrics; null before it has a result. */
  intervals: { test: EvaluationIntervals; validation: EvaluationIntervals } | null;
  /** How often its test set was evaluated; null before its evaluation. */
  looks: LookCount | null;
  /** Checkpoint to resume from; null: it starts at the first epoch. */
  checkpoint: CheckpointPosition | null;
}

/** Entry of a run's log. */
export interface RunLogEntry {
  /** ISO 8601, UTC. */
  at: string;
  kind: "note" | "warning" | "error";
  /** One or two sentences. */
  message: string;
}

/** Stored files of a run: the trained model, and its predictions on the test set. */
export interface RunFiles {
  folder: string;
  files: { name: string; bytes: number }[];
}
