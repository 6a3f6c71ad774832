/** The state of the review of one recording: its labels, and the edits that can be undone and redone. Pure. */
import { isHeartbeat } from "../../contract/domain/class-maps.ts";
import { applyChanges, REVIEWED_FLAG, type Label } from "../../contract/domain/labels.ts";
import type { EditSummary, LogEntry, ReviewProgress } from "../../contract/domain/reviews.ts";
import { describeEntry, firstSample } from "./describe-changes.ts";
import { advance, replayLog, type EditStacks } from "./replay-log.ts";

export interface ReviewState {
  /** In the order of `compareLabels`. */
  labels: Label[];
  stacks: EditStacks;
  /** Oldest first. */
  log: LogEntry[];
}

/** @param parent the labels when the review began */
export function openState(parent: readonly Label[], log: LogEntry[]): ReviewState {
  const { changes, ...stacks } = replayLog(log);
  return { labels: applyChanges(parent, changes), stacks, log };
}

/** Appends an entry that is stored already. @returns the changes of the labels */
export function appendEntry(state: ReviewState, entry: LogEntry): LogEntry["changes"] {
  const changes = advance(state.stacks, entry);
  state.labels = applyChanges(state.labels, changes);
  state.log.push(entry);
  return changes;
}

export function progressOf({ labels, stacks }: ReviewState): ReviewProgress {
  let beats = 0;
  let reviewedBeats = 0;
  for (const { symbol, flags } of labels) {
    if (!isHeartbeat(symbol)) continue;
    beats++;
    if ((flags & REVIEWED_FLAG) !== 0) reviewedBeats++;
  }
  return {
    edits: stacks.undo.length,
    beats,
    reviewedBeats,
    canUndo: stacks.undo.length > 0,
    canRedo: stacks.redo.length > 0,
  };
}

/** Returns the newest entries, newest first. */
export function summariesOf({ log, stacks }: ReviewState, count = Infinity): EditSummary[] {
  const applied = new Set(stacks.undo.map(({ id }) => id));
  const byId = new Map(log.map((entry) => [entry.id, entry]));
  return log
    .slice(Math.max(0, log.length - count))
    .reverse()
    .map((entry) => summaryOf(entry, byId.get(entry.target ?? entry.id) ?? entry, applied.has(entry.id)));
}

/** @param edit the edit that an undo or a redo names; else the entry itself */
export function summaryOf(entry: LogEntry, edit: LogEntry, isApplied: boolean): EditSummary {
  const { id, kind, target, reviewer, at } = entry;
  const text = describeEntry(entry);
  return {
    id,
    kind,
    target,
    reviewer,
    at,
    text: edit === entry ? text : `${text}: ${describeEntry(edit)}`,
    sample: edit.stretch?.from ?? firstSample(edit.changes),
    isApplied,
  };
}
