/** What a shell tells its windows without being asked. Progress is throttled where it is sent. */
import type { ErrorReport } from "../domain/errors.ts";
import type { JobProgress, JobSnapshot } from "../domain/jobs.ts";
import type { EventName } from "./method-names.ts";
import type { RunLogEntry } from "../domain/runs.ts";
import type { Settings } from "../settings/app-settings.ts";
import type { BatchProgress, EpochMetrics, StepCurves } from "../domain/training.ts";

export interface Events extends Record<EventName, unknown> {
  /** Begun, further, or ended. */
  "job.changed": JobSnapshot;
  /** One was added, removed or restored: list them again. */
  "datasets.changed": null;
  "preparations.changed": null;
  "models.changed": null;
  /** A run was added, has another state, or other remarks, or is gone. */
  "run.changed": { run: number };
  "run.epoch": { run: number; metrics: EpochMetrics };
  "run.progress": { run: number; progress: BatchProgress };
  "run.evaluating": { run: number; progress: JobProgress };
  /** Every step since the last such event. */
  "run.steps": { run: number; curves: StepCurves };
  /** It stands still for a reason that nobody asked for, such as a full disk; it goes on by itself. */
  "run.blocked": { run: number; reason: ErrorReport };
  "run.logged": { run: number; entry: RunLogEntry };
  "settings.changed": Settings;
  /** One sentence that a user should know but need not act on at once. */
  notice: { message: string };
}

/** An event as it travels. */
export type EventMessage = { [Name in EventName]: { event: Name; data: Events[Name] } }[EventName];
