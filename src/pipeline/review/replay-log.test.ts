import fc from "fast-check";
import { expect, it } from "vitest";
import { applyChanges, compareLabels, type Label, type LabelChange } from "../../contract/domain/labels.ts";
import { advance, replayLog, type EditStacks, type ReplayedEntry } from "./replay-log.ts";

const label = (sample: number, symbol: string): Label => ({
  sample,
  symbol,
  subtype: 0,
  text: "",
  flags: 0,
  probability: null,
});
const parent: readonly Label[] = Array.from({ length: 60 }, (_, i) => label(i * 10, "NNNV"[i % 4]));

/** What a reviewer does next: an edit of the beat number `at`, or an undo or a redo. */
interface Step {
  kind: "relabel" | "add" | "delete" | "move" | "undo" | "redo";
  at: number;
  value: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("relabel", "relabel", "add", "delete", "move", "undo", "undo", "redo"),
  at: fc.nat(1_000_000),
  value: fc.nat(1_000_000),
});

function changesOf({ kind, at, value }: Step, labels: readonly Label[]): LabelChange[] {
  if (kind === "add" || labels.length === 0) return [{ from: null, to: label(value % 5000, "S") }];
  const from = labels[at % labels.length];
  const to = { ...from, ...(kind === "move" ? { sample: value % 5000 } : { symbol: "VSFQ"[value % 4] }) };
  return [{ from, to: kind === "delete" ? null : to }];
}

/** The plain list of operations: the labels after each edit, and a position in it that undo and redo move. */
class PlainHistory {
  readonly #states: (readonly Label[])[] = [parent];
  #position = 0;

  get labels(): readonly Label[] {
    return this.#states[this.#position];
  }

  move(by: 1 | -1): boolean {
    if (this.#states[this.#position + by] === undefined) return false;
    this.#position += by;
    return true;
  }

  edit(changes: readonly LabelChange[]): void {
    const labels = [...this.labels];
    for (const { from, to } of changes) {
      if (from !== null)
        labels.splice(
          labels.findIndex((each) => compareLabels(each, from) === 0),
          1,
        );
      if (to !== null) labels.push(to);
    }
    this.#states.splice(this.#position + 1);
    this.#states.push(labels.sort(compareLabels));
    this.#position++;
  }
}

it("ends in the state of the plain list of operations, also where the log is replayed after a kill", () => {
  const steps = 10_000;
  fc.assert(
    fc.property(fc.array(step, { minLength: steps, maxLength: steps }), fc.nat(500), (sequence, everyFew) => {
      const plain = new PlainHistory();
      const log: ReplayedEntry[] = [];
      let stacks: EditStacks = { undo: [], redo: [] };
      let labels = parent;
      for (const [i, next] of sequence.entries()) {
        const id = i + 1;
        if (next.kind === "undo" || next.kind === "redo") {
          const target = stacks[next.kind].at(-1);
          expect(plain.move(next.kind === "undo" ? -1 : 1)).toBe(target !== undefined);
          if (target === undefined) continue;
          log.push({ id, kind: next.kind, target: target.id, changes: [] });
        } else {
          const changes = changesOf(next, labels);
          plain.edit(changes);
          log.push({ id, kind: next.kind, target: null, changes });
        }
        labels = applyChanges(labels, advance(stacks, log[log.length - 1]));
        if (i % (everyFew + 500) !== 0) continue;
        // The process was killed: everything comes from the parent and the log.
        const { changes, ...restored } = replayLog(JSON.parse(JSON.stringify(log)) as ReplayedEntry[]);
        stacks = restored;
        labels = applyChanges(parent, changes);
        expect(labels).toEqual(plain.labels);
      }
      expect(labels).toEqual(plain.labels);
      expect(applyChanges(parent, replayLog(log).changes)).toEqual(plain.labels);
    }),
    { numRuns: 1, seed: 19 },
  );
});

it("refuses a log whose undo names another edit than the last one", () => {
  const edit = (id: number): ReplayedEntry => ({ id, kind: "add", target: null, changes: [] });
  expect(() => replayLog([edit(1), edit(2), { id: 3, kind: "undo", target: 1, changes: [] }])).toThrow(RangeError);
  expect(() => replayLog([{ id: 1, kind: "redo", target: 1, changes: [] }])).toThrow(RangeError);
});

it("empties the redo stack by a new edit, and keeps the undone edit in the log", () => {
  const edit = (id: number, sample: number): ReplayedEntry => ({
    id,
    kind: "add",
    target: null,
    changes: [{ from: null, to: label(sample, "V") }],
  });
  const replayed = replayLog([edit(1, 5), { id: 2, kind: "undo", target: 1, changes: [] }, edit(3, 7)]);
  expect(replayed.redo).toEqual([]);
  expect(replayed.undo.map(({ id }) => id)).toEqual([3]);
  expect(replayed.changes).toEqual([{ from: null, to: label(7, "V") }]);
});
