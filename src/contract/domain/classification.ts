/** Classification of recordings by trained runs: choices, what does not fit, what a threshold costs, and results. */
import { z } from "zod";
import type { AnnotationSet } from "./annotation-sets.ts";
import type { Protocol } from "./preparation.ts";

/** Probability below which a beat is unsure, unless the user chooses another. */
export const DEFAULT_THRESHOLD = 0.7;

const id = z.int().min(1);
const setName = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, "a name has letters, digits, _ and -");

export const classificationSchema = z.strictObject({
  run: id,
  dataset: id,
  /** Names of the recordings; empty: all usable ones. */
  records: z.array(z.string()).default([]),
  /**
   * Annotator or annotation set with the R-peaks. Absent: the recording's annotations, else its detected R-peaks, which are
   * detected first where a recording has neither.
   */
  peaks: setName.optional(),
  /** Beats with a lower probability are unsure. */
  threshold: z.number().min(0).max(1).default(DEFAULT_THRESHOLD),
  /** Name of the annotation set; by default that of the run. */
  name: setName.optional(),
});
export type ClassificationChoice = z.infer<typeof classificationSchema>;

/** Returns the name of the annotation set of a run: `run12`. */
export function classifiedName(run: number): string {
  return `run${run}`;
}

/** What a user should know of a run before it classifies. */
export interface ClassifyingRun {
  id: number;
  /** Name of the run, or of its network. */
  title: string;
  protocol: Protocol;
  labels: string[];
  test: { accuracy: number; macroF1: number };
  /** Classes with sensitivity and PPV on the test set. */
  perClass: { label: string; sensitivity: number; ppv: number; support: number }[];
  /** What its test metrics don't show of other patients, one sentence; null: patients were kept apart. */
  warning: string | null;
  /** Whether its probabilities are calibrated. */
  calibrated: boolean;
}

/** Whether a recording can be classified, and what to know about it. */
export interface RecordingFit {
  record: string;
  /** Why it can't be classified; null: it can. One sentence. */
  problem: string | null;
  /** What to know about its result, one sentence each. */
  warnings: string[];
  /** Annotator whose R-peaks are used; `null`: they are detected first. */
  peaks: string | null;
  /** Heartbeats of that annotator; null: not known before they are read. */
  beats: number | null;
  seconds: number;
}

export interface ClassificationCheck {
  run: ClassifyingRun;
  /** Why nothing can be classified: the run can't read recordings. One sentence; null: nothing. */
  problem: string | null;
  recordings: RecordingFit[];
  /** Name that the annotation set will have, and whether it replaces one. */
  set: { name: string; replaces: boolean };
}

/** What a threshold costs on the test set: beats that are unsure, and metrics of the others. */
export interface UnsureCost {
  threshold: number;
  /** Share of the test beats that are unsure. */
  unsure: number;
  /** Of the beats that are not unsure; null without any. */
  accuracy: number | null;
  macroF1: number | null;
  perClass: { label: string; sensitivity: number | null; ppv: number | null; unsure: number | null }[];
}

export interface UnsureCosts {
  /** Test beats. */
  beats: number;
  costs: UnsureCost[];
}

/** Beats of one recording, by class. */
export interface ClassifiedRecording {
  record: string;
  /** Beats of each class, in the order of the labels. */
  counts: number[];
  unsure: number;
  /** Unlike anything in the training set. */
  unlike: number;
  /** Heartbeats without a class: their window exceeds the recording, or samples are missing. */
  unclassified: number;
}

export interface ClassificationResult {
  set: AnnotationSet;
  labels: string[];
  recordings: ClassifiedRecording[];
  skipped: { record: string; reason: string }[];
  /** Why beats unlike the training set are not marked; null: they are. */
  unlikeProblem: string | null;
}
