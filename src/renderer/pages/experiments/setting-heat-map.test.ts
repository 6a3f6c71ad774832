import { expect, it } from "vitest";
import type { SearchResults } from "../../../contract/domain/experiments.ts";
import { heatCells } from "./setting-heat-map.ts";

it("averages the runs of each pair of values, and has no cell without runs", () => {
  const setting = (name: string, group: number[]): SearchResults["settings"][number] => ({
    setting: name,
    groups: [],
    group,
    importance: null,
  });
  const results: SearchResults = {
    runs: [1, 2, 3],
    values: [0.4, 0.6, 0.9],
    settings: [setting("batch", [0, 0, 1]), setting("learningRate", [1, 1, 0])],
  };
  expect(heatCells(results, 0, 1)).toEqual([
    { x: 0, y: 1, mean: 0.5, runs: 2 },
    { x: 1, y: 0, mean: 0.9, runs: 1 },
  ]);
});
