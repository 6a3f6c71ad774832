/** Progress and cancellation of work that tasks of worker threads share. */
import { CancelledError } from "../../contract/domain/errors.ts";
import type { JobProgress, ReportProgress } from "../../contract/domain/jobs.ts";

/** Returns a function that adds to what is done, and reports it. */
export function counter(report: ReportProgress, job: Omit<JobProgress, "done">): (more: number) => void {
  let done = 0;
  report({ ...job, done });
  return (more) => report({ ...job, done: (done += more) });
}

/** @throws CancelledError where the work was cancelled */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new CancelledError("Cancelled; nothing was stored.");
}
