import { describe, expect, it } from "vitest";
import type { RunOverview } from "../../contract/domain/runs.ts";
import { replaceRun } from "./replace-run.ts";

const run = (id: number, notes = ""): RunOverview => ({ id, notes }) as RunOverview;
const ids = (runs: readonly RunOverview[]): number[] => runs.map(({ id }) => id);

describe("replaceRun", () => {
  const list = [run(9), run(5), run(2)];

  it("replaces a run at its position", () => {
    expect(replaceRun(list, 5, run(5, "new")).map(({ notes }) => notes)).toEqual(["", "new", ""]);
  });

  it("inserts a new run by its number", () => {
    expect(ids(replaceRun(list, 12, run(12)))).toEqual([12, 9, 5, 2]);
    expect(ids(replaceRun(list, 4, run(4)))).toEqual([9, 5, 4, 2]);
    expect(ids(replaceRun(list, 1, run(1)))).toEqual([9, 5, 2, 1]);
    expect(ids(replaceRun([], 1, run(1)))).toEqual([1]);
  });

  it("removes a run, and ignores a run that is not in the list", () => {
    expect(ids(replaceRun(list, 2, null))).toEqual([9, 5]);
    expect(ids(replaceRun(list, 3, null))).toEqual([9, 5, 2]);
    expect(ids(replaceRun(list, 1, null))).toEqual([9, 5, 2]);
  });
});
