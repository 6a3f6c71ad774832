/** Runs as they are listed and shown. */
import type { ErrorReport } from "./errors.ts";
import type { EvaluationIntervals } from "./evaluation.ts";
import type { ClassMapTitle } from "./class-maps.ts";
import type { Preparation, Protocol } from "./preparation.ts";
import type { Dataset } from "./datasets.ts";
import type { CheckpointPosition, DeviceInfo, RunRecord, RunStatus, TrainingSettings } from "./training.ts";

/** What a person wrote beside a run. */
export interface RunRemarks {
  notes: string;
  tags: string[];
}

/** One line of the table of runs: flat, and small enough for ten thousand of them. */
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
  preparation: { id: number; protocol: Protocol; classMap: ClassMapTitle };
  dataset: { id: number; name: string; synthetic: boolean };
  /** Epochs that were trained, and the one whose weights were kept. */
  epochs: number;
  bestEpoch: number | null;
  trainableParameters: number | null;
  seconds: number | null;
  /** On the test part; null before the end. */
  test: { loss: number; accuracy: number; macroF1: number; weightedF1: number } | null;
}

/** A run with all that its figures rest on. */
export interface RunDetails {
  run: RunRecord;
  preparation: Preparation;
  dataset: Dataset;
  remarks: RunRemarks;
  /** Of its result; null before there is one. */
  intervals: { test: EvaluationIntervals; validation: EvaluationIntervals } | null;
  /** Where it can be taken up again; null: from the beginning. */
  checkpoint: CheckpointPosition | null;
}

/** One line of what happened to a run. */
export interface RunLogEntry {
  /** ISO 8601, UTC. */
  at: string;
  kind: "note" | "warning" | "error";
  /** A sentence or two. */
  message: string;
}

/** What a run keeps on the disk: the trained model, and its predictions on the test part. */
export interface RunFiles {
  folder: string;
  files: { name: string; bytes: number }[];
}
