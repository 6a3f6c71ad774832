/**
 * Replays the log of a review. The log is only ever appended: an undo is an entry that names its edit. The state after
 * any prefix of the log is the parent's labels with the net changes of that prefix, so a log that was cut by a kill is
 * a valid log.
 */
import type { FamilyChange } from "../../contract/domain/beat-families.ts";
import { compareLabels, reversed, type Label, type LabelChange } from "../../contract/domain/labels.ts";
import type { LogEntry } from "../../contract/domain/reviews.ts";

/** An entry, as far as replaying needs it. */
export type ReplayedEntry = Pick<LogEntry, "id" | "kind" | "target" | "changes" | "families">;

/** What an entry does to the labels and to the families of the beats. */
export type EntryChanges = Pick<LogEntry, "changes" | "families">;

/** Edits that can be undone and redone, the next one last. */
export interface EditStacks {
  undo: ReplayedEntry[];
  redo: ReplayedEntry[];
}

export interface Replayed extends EditStacks {
  /** Changes from the parent's labels to the present ones. */
  changes: LabelChange[];
  /** Family of each beat that reviewers gave one. */
  families: Map<number, number>;
}

/**
 * Appends an entry to the stacks, and returns the changes that it makes. A new edit empties the redo
 * stack, as in other editors; the undone edits stay in the log.
 * @throws RangeError an undo or redo that does not name the edit on top
 */
export function advance({ undo, redo }: EditStacks, entry: ReplayedEntry): EntryChanges {
  if (entry.kind === "undo" || entry.kind === "redo") {
    const [from, onto] = entry.kind === "undo" ? [undo, redo] : [redo, undo];
    const edit = from.pop();
    if (edit === undefined || edit.id !== entry.target) {
      throw new RangeError(`Entry ${entry.id} of the log does not follow from the entries before it.`);
    }
    onto.push(edit);
    return entry.kind === "undo"
      ? { changes: reversed(edit.changes), families: reversedFamilies(edit.families) }
      : edit;
  }
  undo.push(entry);
  redo.length = 0;
  return entry;
}

function reversedFamilies(families: readonly FamilyChange[]): FamilyChange[] {
  return families.map(({ sample, from, to }) => ({ sample, from: to, to: from }));
}

/** Gives beats their families. @param families changed in place */
export function moveToFamilies(families: Map<number, number>, changes: readonly FamilyChange[]): void {
  for (const { sample, to } of changes) {
    if (to === null) families.delete(sample);
    else families.set(sample, to);
  }
}

/**
 * Replays a log from its start. The changes are those of the edits in force: the others were undone, and cancel out. The time is
 * that of reading these, whatever the number of labels.
 */
export function replayLog(entries: Iterable<ReplayedEntry>): Replayed {
  const stacks: EditStacks = { undo: [], redo: [] };
  for (const entry of entries) advance(stacks, entry);
  const net = new NetChanges();
  const families = new Map<number, number>();
  for (const edit of stacks.undo) {
    net.add(edit.changes);
    moveToFamilies(families, edit.families);
  }
  return { ...stacks, changes: net.changes(), families };
}

interface CountedLabel {
  label: Label;
  count: number;
}

/** Sums changes up: a label that was added and removed again is in none of them. */
class NetChanges {
  /** By sample: few labels have one. */
  readonly #counts = new Map<number, CountedLabel[]>();

  add(changes: readonly LabelChange[]): void {
    for (const { from, to } of changes) {
      if (from !== null) this.#count(from, -1);
      if (to !== null) this.#count(to, 1);
    }
  }

  changes(): LabelChange[] {
    const changes: LabelChange[] = [];
    const all = [...this.#counts.values()].flat().filter(({ count }) => count !== 0);
    for (const { label, count } of all.sort((a, b) => compareLabels(a.label, b.label))) {
      const change = count > 0 ? { from: null, to: label } : { from: label, to: null };
      for (let i = 0; i < Math.abs(count); i++) changes.push(change);
    }
    return changes;
  }

  #count(label: Label, by: number): void {
    const at = this.#counts.get(label.sample);
    if (at === undefined) {
      this.#counts.set(label.sample, [{ label, count: by }]);
      return;
    }
    const found = at.find((each) => compareLabels(each.label, label) === 0);
    if (found) found.count += by;
    else at.push({ label, count: by });
  }
}
