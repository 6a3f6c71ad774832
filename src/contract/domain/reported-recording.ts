/** The report of a recording: its statistics, with what made the annotations and who corrected them. */
import type { AnnotationSet } from "./annotation-sets.ts";
import type { RecordingStatistics } from "./recording-report.ts";
import type { ReportStrip } from "./recording-report-choices.ts";

export interface RecordingReport {
  dataset: { id: number; name: string };
  record: string;
  /** Names of its leads. */
  leads: string[];
  set: ReportedSet;
  statistics: RecordingStatistics;
  strips: ReportStrip[];
  /** Runs that classified the beats; several: an ensemble; empty: no model has. */
  models: ReportedModel[];
  corrections: Correction[];
  /** Beats with the label of a run that was fine-tuned on the reviewed beats; empty: none. */
  learned: LearnedLabels[];
}

/** Beats that a run labelled after it had learned from the reviewed beats of the recording. */
export interface LearnedLabels {
  run: number;
  beats: number;
}

/** The annotation set of a report. */
export interface ReportedSet extends Pick<AnnotationSet, "name" | "parent" | "leads" | "createdAt"> {
  origin: "imported" | AnnotationSet["origin"];
  /** Beats whose probability is below the threshold of the classification; null: the set has no such marks. */
  unsure: number | null;
  /** Beats unlike all beats of the training set; null: the set has no such marks. */
  unlike: number | null;
}

/** A model, and what its test has shown. */
export interface ReportedModel {
  /** Number of the run. */
  run: number;
  /** `Run 3, 1D-CNN`; a run that was removed has its number alone. */
  title: string;
  /** Null: the run was removed, and its metrics with it. */
  test: ModelTest | null;
}

export interface ModelTest {
  /** How beats were divided into training and test set, in a sentence. */
  protocol: string;
  /** Whether all test patients are known to be new to the model. */
  interPatient: boolean;
  /** Whether beats of this recording trained the model: its labels are then no test of it. */
  trainedOnRecording: boolean;
  beats: number;
  accuracy: number;
  macroF1: number;
  perClass: { label: string; beats: number; sensitivity: number; ppv: number }[];
  /** How often the test set was evaluated, and other limitations, one sentence each. */
  limitations: string[];
  /** How the input was filtered, and its leads and rate. */
  input: string;
}

/** Corrections of one reviewer: beats of one label that another label replaced, or that were added, removed or moved. */
export interface Correction {
  reviewer: string;
  /** Symbol before; null: the beat was added. */
  from: string | null;
  /** Symbol after; null: the beat was removed; as before: it was moved. */
  to: string | null;
  beats: number;
}
