/** The state of the review of one recording: its labels, and the edits that can be undone and redone. Pure. */
import { isHeartbeat } from "../../contract/domain/class-maps.ts";
import { applyChanges, REVIEWED_FLAG, type Label } from "../../contract/domain/labels.ts";
import type { EditSummary, LogEntry, ReviewProgress } from "../../contract/domain/reviews.ts";
import { describeEntry, firstSample } from "./describe-changes.ts";
import { advance, moveToFamilies, replayLog, type EditStacks, type EntryChanges } from "./replay-log.ts";

export interface ReviewState {
  /** In the order of `compareLabels`. */
  labels: Label[];
  /** Family of each beat that reviewers gave one; the others have that of their shape. */
  families: Map<number, number>;
  stacks: EditStacks;
  /** Oldest first. */
  log: LogEntry[];
  /** Heartbeats, and those that a reviewer has set or confirmed. */
  beats: number;
  reviewedBeats: number;
}

/** @param parent the labels when the review began */
export function openState(parent: readonly Label[], log: LogEntry[]): ReviewState {
  const { changes, families, ...stacks } = replayLog(log);
  const state = { labels: applyChanges(parent, changes), families, stacks, log, beats: 0, reviewedBeats: 0 };
  for (const label of state.labels) count(state, label, 1);
  return state;
}

/** Appends an entry that is stored already. @returns what it changed */
export function appendEntry(state: ReviewState, entry: LogEntry): EntryChanges {
  const { changes, families } = advance(state.stacks, entry);
  moveToFamilies(state.families, families);
  state.labels = applyChanges(state.labels, changes);
  state.log.push(entry);
  for (const { from, to } of changes) {
    if (from !== null) count(state, from, -1);
    if (to !== null) count(state, to, 1);
  }
  return { changes, families };
}

function count(state: Pick<ReviewState, "beats" | "reviewedBeats">, { symbol, flags }: Label, by: 1 | -1): void {
  if (!isHeartbeat(symbol)) return;
  state.beats += by;
  if ((flags & REVIEWED_FLAG) !== 0) state.reviewedBeats += by;
}

export function progressOf({ beats, reviewedBeats, stacks: { undo, redo } }: ReviewState): ReviewProgress {
  return { edits: undo.length, beats, reviewedBeats, canUndo: undo.length > 0, canRedo: redo.length > 0 };
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
    sample: edit.stretch?.from ?? firstSample(edit),
    isApplied,
  };
}
