/** A job: work that takes longer than a click. Its snapshot is what the window and the terminal both show. */
import type { ErrorReport } from "./errors.ts";

export interface JobProgress {
  /** What is being done, in the user's words: `Reading recordings`. */
  stage: string;
  done: number;
  /** 0: not known. */
  total: number;
  /** What is counted: `records`, `beats`, `batches`. */
  unit: string;
  /** Figures worth showing beside the bar, already in words. */
  detail?: string;
}

/** Told how far the work is. Callers may be called often; receivers throttle. */
export type ReportProgress = (progress: JobProgress) => void;

export const jobKinds = [
  "import",
  "download",
  "sample",
  "prepare",
  "measure",
  "experiment",
  "export",
  "test",
  "check",
] as const;
export type JobKind = (typeof jobKinds)[number];

/** Every job ends in one of the last four; `interrupted`: the process that did it ended first. */
export type JobState = "running" | "done" | "failed" | "cancelled" | "interrupted";

export interface JobSnapshot {
  id: number;
  kind: JobKind;
  /** In the user's words: `Import of mitdb`. */
  title: string;
  state: JobState;
  /** How far it is; null before it has said so, and after its end. */
  progress: JobProgress | null;
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string | null;
  cancellable: boolean;
  /** Asked to stop, and not ended yet. */
  cancelling: boolean;
  error: ErrorReport | null;
  /** The dataset, preparation or run that it made, or is making. */
  subject: number | null;
}
