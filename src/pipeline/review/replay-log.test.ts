import fc from "fast-check";
import { expect, it } from "vitest";
import type { FamilyChange } from "../../contract/domain/beat-families.ts";
import { applyChanges, compareLabels, type Label, type LabelChange } from "../../contract/domain/labels.ts";
import type { Edit, FamilyAction } from "../../contract/domain/reviews.ts";
import { changesOf, familyChangesOf, isEditedAsBeat } from "./edit-labels.ts";
import {
  advance,
  moveToFamilies,
  replayLog,
  type EditStacks,
  type EntryChanges,
  type ReplayedEntry,
} from "./replay-log.ts";

const label = (sample: number, symbol: string): Label => ({
  sample,
  symbol,
  subtype: 0,
  text: "",
  flags: 0,
  probability: null,
});
const parent: readonly Label[] = Array.from({ length: 60 }, (_, i) => label(i * 10, "NNNV"[i % 4]));
const LENGTH = 5000;

/** What a reviewer does next; `at` and `value` choose the beat, the symbol, the stretch or the family. */
interface Step {
  kind: Edit["kind"] | "undo" | "redo";
  at: number;
  value: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    ...(["relabel", "relabel", "add", "delete", "move", "confirm", "noise", "rhythm", "family", "family"] as const),
    ...(["undo", "undo", "undo", "redo", "redo"] as const),
  ),
  at: fc.nat(1_000_000),
  value: fc.nat(1_000_000),
});

/** Beats of a family, where the shapes of all beats are seven in turn. */
function membersOf(family: number, beats: readonly number[], families: ReadonlyMap<number, number>): number[] {
  return beats.filter((sample) => (families.get(sample) ?? sample % 7) === family);
}

/** Returns the edit of a step; null: there is no beat for it. */
function editOf(
  { kind, at, value }: Step,
  labels: readonly Label[],
  families: ReadonlyMap<number, number>,
): Edit | null {
  const beats = labels.filter(({ symbol }) => isEditedAsBeat(symbol)).map(({ sample }) => sample);
  const isFree = !beats.includes(value % LENGTH);
  if (kind === "add") return isFree ? { kind, sample: value % LENGTH, symbol: "VSFN"[at % 4] } : null;
  const beat = beats[at % beats.length];
  const stretch = { from: at % (LENGTH - 1), to: (at % (LENGTH - 1)) + 1 + (value % 900) };
  const family = families.get(beat) ?? beat % 7;
  switch (kind) {
    case "noise":
      return { kind, ...stretch, clean: value % 3 === 0 };
    case "rhythm":
      return { kind, ...stretch, code: ["AFIB", "VFL", "N", ""][value % 4] };
    default:
  }
  if (beats.length === 0) return null;
  switch (kind) {
    case "move":
      return isFree ? { kind, beat, to: value % LENGTH } : null;
    case "confirm":
    case "delete":
      return { kind, beats: [beat] };
    case "family": {
      const action: FamilyAction = (["split", "merge", "move"] as const)[value % 3];
      const members = membersOf(family, beats, families);
      const half = members.filter((_, i) => i % 2 === 0);
      return { kind, action, beats: { split: half, merge: members, move: [beat] }[action], to: value % 7 };
    }
    default:
      // Every second relabels the whole family.
      return {
        kind: "relabel",
        beats: value % 2 === 0 ? membersOf(family, beats, families) : [beat],
        symbol: "VSFQN"[value % 5],
      };
  }
}

interface PlainState {
  labels: readonly Label[];
  families: ReadonlyMap<number, number>;
}

/** The plain list of operations: the state after each edit, and a position in it that undo and redo move. */
class PlainHistory {
  readonly #states: PlainState[] = [{ labels: parent, families: new Map() }];
  #position = 0;

  get state(): PlainState {
    return this.#states[this.#position];
  }

  move(by: 1 | -1): boolean {
    if (this.#states[this.#position + by] === undefined) return false;
    this.#position += by;
    return true;
  }

  edit(changes: readonly LabelChange[], moved: readonly FamilyChange[]): void {
    const labels = [...this.state.labels];
    for (const { from, to } of changes) {
      if (from !== null)
        labels.splice(
          labels.findIndex((each) => compareLabels(each, from) === 0),
          1,
        );
      if (to !== null) labels.push(to);
    }
    const families = new Map(this.state.families);
    for (const { sample, to } of moved) {
      if (to !== null) families.set(sample, to);
    }
    this.#states.splice(this.#position + 1);
    this.#states.push({ labels: labels.sort(compareLabels), families });
    this.#position++;
  }
}

it("ends in the state of the plain list of operations, also where the log is replayed after a kill", () => {
  const steps = 10_000;
  const kinds = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { minLength: steps, maxLength: steps }), fc.nat(500), (sequence, everyFew) => {
      const plain = new PlainHistory();
      const log: ReplayedEntry[] = [];
      let stacks: EditStacks = { undo: [], redo: [] };
      let labels = parent;
      let families = new Map<number, number>();
      const made = ({ changes, families: moved }: EntryChanges): void => {
        labels = applyChanges(labels, changes);
        moveToFamilies(families, moved);
      };
      for (const [i, next] of sequence.entries()) {
        const id = i + 1;
        if (next.kind === "undo" || next.kind === "redo") {
          const target = stacks[next.kind].at(-1);
          expect(plain.move(next.kind === "undo" ? -1 : 1)).toBe(target !== undefined);
          if (target === undefined) continue;
          log.push({ id, kind: next.kind, target: target.id, changes: [], families: [] });
        } else {
          const edit = editOf(next, labels, families);
          if (edit === null) continue;
          const changes = changesOf(edit, { labels, length: LENGTH, leads: 2 });
          const moved = familyChangesOf(edit, { labels }, families);
          if (changes.length + moved.length === 0) continue;
          plain.edit(changes, moved);
          log.push({ id, kind: edit.kind, target: null, changes, families: moved });
          kinds.add(edit.kind === "noise" ? `noise ${edit.clean}` : edit.kind);
        }
        made(advance(stacks, log[log.length - 1]));
        if (i % (everyFew + 500) !== 0) continue;
        // The process was killed: everything comes from the parent and the log.
        const { changes, ...restored } = replayLog(JSON.parse(JSON.stringify(log)) as ReplayedEntry[]);
        ({ families, ...stacks } = restored);
        labels = applyChanges(parent, changes);
        expect({ labels, families }).toEqual(plain.state);
      }
      expect({ labels, families }).toEqual(plain.state);
      const replayed = replayLog(log);
      expect({ labels: applyChanges(parent, replayed.changes), families: replayed.families }).toEqual(plain.state);
    }),
    { numRuns: 1, seed: 19 },
  );
  expect([...kinds].sort()).toEqual(
    ["add", "confirm", "delete", "family", "move", "noise false", "noise true", "relabel", "rhythm"].sort(),
  );
});

const entry = (id: number, rest: Partial<ReplayedEntry> = {}): ReplayedEntry => {
  return { id, kind: "add", target: null, changes: [], families: [], ...rest };
};

it("refuses a log whose undo names another edit than the last one", () => {
  expect(() => replayLog([entry(1), entry(2), entry(3, { kind: "undo", target: 1 })])).toThrow(RangeError);
  expect(() => replayLog([entry(1, { kind: "redo", target: 1 })])).toThrow(RangeError);
});

it("empties the redo stack by a new edit, and keeps the undone edit in the log", () => {
  const edit = (id: number, sample: number): ReplayedEntry =>
    entry(id, { changes: [{ from: null, to: label(sample, "V") }] });
  const replayed = replayLog([edit(1, 5), entry(2, { kind: "undo", target: 1 }), edit(3, 7)]);
  expect(replayed.redo).toEqual([]);
  expect(replayed.undo.map(({ id }) => id)).toEqual([3]);
  expect(replayed.changes).toEqual([{ from: null, to: label(7, "V") }]);
});

it("returns beats to the family of their shape where their move is undone", () => {
  const moved = entry(1, {
    kind: "family",
    families: [
      { sample: 5, from: null, to: 70 },
      { sample: 9, from: null, to: 70 },
    ],
  });
  const again = entry(2, { kind: "family", families: [{ sample: 9, from: 70, to: 5 }] });
  const log = [moved, again, entry(3, { kind: "undo", target: 2 })];
  expect(replayLog(log).families).toEqual(
    new Map([
      [5, 70],
      [9, 70],
    ]),
  );
  expect(replayLog([...log, entry(4, { kind: "undo", target: 1 })]).families).toEqual(new Map());
});
