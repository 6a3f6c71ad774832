/** Tells every window what the queue reports of a run. */
import { reportError } from "../../../contract/domain/errors.ts";
import type { EventHub } from "../jobs/event-hub.ts";
import type { RunEvent } from "./run-queue.ts";

export function announceRun(events: EventHub, event: RunEvent): void {
  const { run } = event;
  switch (event.type) {
    case "changed":
      return events.emit("run.changed", { run });
    case "progress":
      return events.emit("run.progress", { run, progress: event.progress });
    case "evaluating":
      return events.emit("run.evaluating", { run, progress: event.progress });
    case "steps":
      return events.emit("run.steps", { run, curves: event.curves });
    case "epoch":
      return events.emit("run.epoch", { run, metrics: event.metrics });
    case "logged":
      return events.emit("run.logged", { run, entry: event.entry });
    case "blocked":
      return events.emit("run.blocked", { run, reason: reportError(event.reason) });
  }
}
