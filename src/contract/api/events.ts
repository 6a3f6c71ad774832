/** Events that a shell sends to its pages. The sender limits the rate of progress events. */
import type { ErrorReport } from "../domain/errors.ts";
import type { JobProgress, JobSnapshot } from "../domain/jobs.ts";
import type { EventName } from "./method-names.ts";
import type { RunLogEntry } from "../domain/runs.ts";
import type { Settings } from "../settings/app-settings.ts";
import type { BatchProgress, EpochMetrics, StepCurves } from "../domain/training.ts";

export interface Events extends Record<EventName, unknown> {
  /** A job has started, made progress, or ended. */
  "job.changed": JobSnapshot;
  /** A dataset was added, renamed, removed or restored: request the list again. The same holds for preparations and networks. */
  "datasets.changed": null;
  "preparations.changed": null;
  "networks.changed": null;
  /** An annotation set of a dataset was added, replaced, renamed, removed or restored; null: of any dataset. */
  "annotationSets.changed": { dataset: number | null };
  /** A run was added or removed, or its state, its name or its remarks changed. */
  "run.changed": { run: number };
  "run.epoch": { run: number; metrics: EpochMetrics };
  "run.progress": { run: number; progress: BatchProgress };
  "run.evaluating": { run: number; progress: JobProgress };
  /** All steps since the previous event. */
  "run.steps": { run: number; curves: StepCurves };
  /** A run is paused for a technical reason, such as a full disk; it continues automatically. */
  "run.blocked": { run: number; reason: ErrorReport };
  "run.logged": { run: number; entry: RunLogEntry };
  /** The state of an experiment on other machines may have changed: request it again. */
  "cluster.changed": { experiment: number };
  "settings.changed": Settings;
  /**
   * One sentence of information that needs no immediate action; `success`: work that has ended well, else a warning.
   * `exportJob`: the job of an export whose folder the app's window can open.
   */
  notice: { message: string; kind?: "success"; exportJob?: number };
}

/** Message that carries an event. */
export type EventMessage = { [Name in EventName]: { event: Name; data: Events[Name] } }[EventName];
