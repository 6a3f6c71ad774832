/** Jobs: work that takes longer than a click. Screens and the command line show its snapshots. */
import type { ErrorReport } from "./errors.ts";

export interface JobProgress {
  /** Current stage, as shown: `Reading recordings`. */
  stage: string;
  done: number;
  /** 0: unknown. */
  total: number;
  /** Unit of `done` and `total`: `records`, `beats`, `batches`. */
  unit: string;
  /** Text beside the progress bar. */
  detail?: string;
}

/** Receives progress. It may be called often; receivers limit the rate. */
export type ReportProgress = (progress: JobProgress) => void;

export const jobKinds = [
  "inspect",
  "import",
  "download",
  "sample",
  "detect",
  "classify",
  "prepare",
  "fine-tune",
  "learn",
  "measure",
  "install",
  "experiment",
  "export",
  "test",
  "check",
  "executor",
] as const;
export type JobKind = (typeof jobKinds)[number];

/** A job ends in one of the last four states; `interrupted`: its process ended before it did. */
export type JobState = "running" | "done" | "failed" | "cancelled" | "interrupted";

export interface JobSnapshot {
  id: number;
  kind: JobKind;
  /** Title, as shown: `Import of mitdb`. */
  title: string;
  state: JobState;
  /** Null before the first progress, and after the end. */
  progress: JobProgress | null;
  /** ISO 8601, UTC. */
  startedAt: string;
  finishedAt: string | null;
  cancellable: boolean;
  /** Whether it has been cancelled and has not ended yet. */
  cancelling: boolean;
  error: ErrorReport | null;
  /** Number of the inspection, dataset, preparation or run that it creates. */
  subject: number | null;
}
