/** Counts the corrections of a review for its report. Pure. */
import type { LogEntry } from "../../contract/domain/reviews.ts";
import type { Correction } from "../../contract/domain/reported-recording.ts";
import { replayLog } from "./replay-log.ts";

const correctingKinds = new Set<LogEntry["kind"]>(["relabel", "add", "delete", "move"]);

/**
 * Returns the corrections that are in force, by reviewer and symbols, the most frequent first: an edit that was undone
 * counts nothing, nor does a beat that was confirmed. A beat that was corrected twice counts twice.
 * @param log of one recording, oldest first
 */
export function correctionsOf(log: readonly LogEntry[]): Correction[] {
  const inForce = new Set(replayLog(log).undo.map(({ id }) => id));
  const counts = new Map<string, Correction>();
  for (const { id, kind, reviewer, changes } of log) {
    if (!inForce.has(id) || !correctingKinds.has(kind)) continue;
    for (const change of changes) {
      const [from, to] = [change.from?.symbol ?? null, change.to?.symbol ?? null];
      const key = JSON.stringify([reviewer, from, to]);
      const found = counts.get(key);
      if (found) found.beats++;
      else counts.set(key, { reviewer, from, to, beats: 1 });
    }
  }
  return [...counts.values()].sort((a, b) => b.beats - a.beats);
}
