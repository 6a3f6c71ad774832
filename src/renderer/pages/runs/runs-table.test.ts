/** Logic of the table of runs: columns, search, order, and the best runs. */
import { describe, expect, it } from "vitest";
import { defaultTraining } from "../../../contract/settings/defaults.ts";
import type { RunOverview } from "../../../contract/domain/runs.ts";
import { bestRuns } from "./best-runs.ts";
import { runColumns, shownColumns, withoutEmpty } from "./columns.ts";
import { columnNames, filterRuns, parseFilter } from "./filter-runs.ts";
import { sortRuns } from "./sort-runs.ts";

function run(id: number, rest: Partial<RunOverview> & { macroF1?: number } = {}): RunOverview {
  const { macroF1, ...given } = rest;
  return {
    id,
    status: macroF1 === undefined ? "failed" : "completed",
    settings: defaultTraining("cnn"),
    createdAt: "2026-01-01T00:00:00.000Z",
    startedAt: null,
    finishedAt: null,
    error: null,
    device: null,
    machine: null,
    preparation: { id: 1, name: "", protocol: "intra-patient", classMap: "mit-bih" },
    testKey: "a",
    dataset: { id: 1, name: "MIT-BIH", synthetic: false },
    epochs: id,
    bestEpoch: null,
    trainableParameters: null,
    seconds: null,
    test: macroF1 === undefined ? null : { loss: 1 - macroF1, accuracy: macroF1, macroF1, weightedF1: macroF1 },
    name: "",
    notes: "",
    tags: [],
    ...given,
  };
}
const ids = (runs: readonly RunOverview[]): number[] => runs.map(({ id }) => id);

const runs = [
  run(5, { macroF1: 0.9, tags: ["final"], settings: defaultTraining("lstm") }),
  run(4),
  run(3, { macroF1: 0.95, notes: "with the left bundle out" }),
  run(2, { macroF1: 0.8, preparation: { id: 2, name: "", protocol: "inter-patient", classMap: "aami" }, testKey: "b" }),
  run(1, { macroF1: 0.9 }),
];
const found = (text: string): number[] => ids(filterRuns(runs, parseFilter(text)));

describe("search", () => {
  it("finds runs that have all words, anywhere and in any case", () => {
    expect(found("")).toEqual([5, 4, 3, 2, 1]);
    expect(found("LSTM")).toEqual([5]);
    expect(found("completed mit-bih cnn")).toEqual([3, 2, 1]);
    expect(found('"left bundle"')).toEqual([3]);
    expect(found('"bundle left"')).toEqual([]);
  });

  it("searches one column, given by its name or the beginning of its name", () => {
    expect(found("tags:final")).toEqual([5]);
    expect(found("tag:final")).toEqual([5]);
    expect(found("protocol:inter")).toEqual([2]);
    expect(found('notes:"left bundle"')).toEqual([3]);
  });

  it("finds runs that the user stopped after an epoch by “stopped”, others by “cancelled”", () => {
    const cancelled = [run(2, { macroF1: 0.8, status: "cancelled" }), run(1, { status: "cancelled" })];
    const having = (text: string): number[] => ids(filterRuns(cancelled, parseFilter(text)));
    expect([having("status:stopped"), having("status:cancelled")]).toEqual([[2], [1]]);
  });

  it("compares numbers in the unit that is shown, and never finds a run without one", () => {
    expect(found("macrof1>=90")).toEqual([5, 3, 1]);
    expect(found("MacroF1>90")).toEqual([3]);
    expect(found("macro<90")).toEqual([2]);
    expect(found("epochs=4")).toEqual([4]);
    expect(found("epochs<=2 protocol:intra")).toEqual([1]);
  });

  it("says what is wrong with terms, and applies the others", () => {
    const filter = parseFilter("lstm colour:red macrof1>many network>3 tags: accuracy>1,000");
    expect(filter.problems).toEqual([
      `There is no column “colour”. Columns: ${columnNames}.`,
      "Macro F1: “many” is not a number.",
      "Network is no number: write network:3.",
      "Tags needs a value, such as tags:text.",
      "Accuracy: “1,000” is ambiguous. Write 1000 without separators.",
    ]);
    expect(ids(filterRuns(runs, filter))).toEqual([5]);
  });

  it("does not take a share for a percentage", () => {
    expect(parseFilter("macrof1>0.9").problems).toEqual(["Macro F1 is in %: write macrof1>90."]);
    expect(found("macrof1>94,5")).toEqual([3]);
    expect(found("loss<0.15")).toEqual([5, 3, 1]);
  });

  it("compares no times as numbers", () => {
    expect(parseFilter("created>2026").problems).toEqual(["Created is no number: write created:2026."]);
  });
});

describe("order", () => {
  it("puts runs without a value last in both directions, and the newer of two equals first", () => {
    expect(ids(sortRuns(runs, { column: "macrof1", descending: true }))).toEqual([3, 5, 1, 2, 4]);
    expect(ids(sortRuns(runs, { column: "macrof1", descending: false }))).toEqual([2, 5, 1, 3, 4]);
    expect(ids(sortRuns(runs, { column: "tags", descending: false }))).toEqual([5, 4, 3, 2, 1]);
  });

  it("keeps the order without a column, or with an unknown one", () => {
    expect(sortRuns(runs, null)).toBe(runs);
    expect(sortRuns(runs, { column: "gone", descending: true })).toBe(runs);
  });
});

describe("columns", () => {
  it("are the default or the chosen ones, in the table's order and always with the run's number", () => {
    expect(shownColumns([])).toEqual(runColumns.filter(({ byDefault }) => byDefault));
    expect(shownColumns(["seed", "gone", "network"]).map(({ key }) => key)).toEqual(["run", "network", "seed"]);
  });

  it("are left out where every shown run has no text in them", () => {
    const keys = (shown: readonly RunOverview[]): string[] =>
      withoutEmpty(shownColumns([]), shown).map(({ key }) => key);
    expect(keys(runs)).not.toContain("name");
    expect(keys(runs)).toContain("tags");
    expect(keys(runs.slice(1))).not.toContain("tags");
    expect(keys([run(7, { name: "Paper" })])).toContain("name");
    expect(keys([])).toEqual(["run"]);
  });

  it("mark the best run of each test set, and all runs that share the best value", () => {
    const best = bestRuns([...runs, run(6, { macroF1: 0.95 })], runColumns);
    expect(best.get("macrof1")).toEqual(new Set([3, 6, 2]));
    expect(best.get("loss")).toEqual(new Set([3, 6, 2]));
    expect(best.has("epochs")).toBe(false);
  });
});
