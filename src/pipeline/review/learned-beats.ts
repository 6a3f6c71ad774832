/** Which beats of a review have the label of a run that learned from it. Pure. */
import type { LearnedLabels } from "../../contract/domain/reported-recording.ts";
import type { LogEntry } from "../../contract/domain/reviews.ts";
import { replayLog } from "./replay-log.ts";

/** Returns the beats with a label of each run, in the order in which they learned; beats that a reviewer set later are in none. */
export function learnedBeats(log: readonly LogEntry[]): LearnedLabels[] {
  const inForce = new Set(replayLog(log).undo.map(({ id }) => id));
  const runOf = new Map<number, number>();
  for (const { id, kind, label, changes } of log) {
    if (!inForce.has(id)) continue;
    for (const { from, to } of changes) {
      if (from !== null) runOf.delete(from.sample);
      if (kind === "learn" && label !== "" && to !== null) runOf.set(to.sample, Number(label));
    }
  }
  const counts = new Map<number, number>();
  for (const run of runOf.values()) counts.set(run, (counts.get(run) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([run, beats]) => ({ run, beats }));
}
