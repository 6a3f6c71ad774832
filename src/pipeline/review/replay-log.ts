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

/** Replays a log from its start. The time is that of reading its changes, whatever the number of labels. */
export function replayLog(entries: Iterable<ReplayedEntry>): Replayed {
  const stacks: EditStacks = { undo: [], redo: [] };
  const net = new NetChanges();
  const families = new Map<number, number>();
  for (const entry of entries) {
    const made = advance(stacks, entry);
    net.add(made.changes);
    moveToFamilies(families, made.families);
  }
  return { ...stacks, changes: net.changes(), families };
}

/** Sums changes up: a label that was added and removed again is in none of them. */
class NetChanges {
  readonly #counts = new Map<string, { label: Label; count: number }>();

  add(changes: readonly LabelChange[]): void {
    for (const { from, to } of changes) {
      if (from !== null) this.#count(from, -1);
      if (to !== null) this.#count(to, 1);
    }
  }

  changes(): LabelChange[] {
    return [...this.#counts.values()]
      .sort((a, b) => compareLabels(a.label, b.label))
      .flatMap(({ label, count }) =>
        Array.from({ length: Math.abs(count) }, () =>
          count > 0 ? { from: null, to: label } : { from: label, to: null },
        ),
      );
  }

  #count(label: Label, by: number): void {
    const { sample, symbol, subtype, flags, probability, text } = label;
    const key = `${sample} ${symbol} ${subtype} ${flags} ${probability} ${text}`;
    const found = this.#counts.get(key);
    if (found) found.count += by;
    else this.#counts.set(key, { label, count: by });
  }
}
