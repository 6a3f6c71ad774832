import { expect, it } from "vitest";
import type { ExperimentOverview, ExperimentRun } from "../../../contract/domain/experiments.ts";
import { inOrder, planWords, spreadWords, winnerWords } from "./plan-words.ts";

const run = (number: number, value: number | null, status: ExperimentRun["status"] = "completed"): ExperimentRun => ({
  run: number,
  label: `batch ${number}`,
  status,
  value,
});
const grid: ExperimentOverview = {
  id: 1,
  name: "Grid",
  plan: { kind: "grid", settings: [{ setting: "batch", values: [1, 2, 3, 4] }] },
  metric: "validation-loss",
  createdAt: "2026-01-01T10:00:00.000Z",
  runs: [run(1, 0.3), run(2, 0.1), run(3, 0.05, "running"), run(4, 0.2)],
  ended: 3,
  secondsLeft: 1,
  winner: 2,
  test: null,
};

it("says what is asked", () => {
  expect(planWords({ kind: "repeats", times: 5 })).toBe("5 repeats that differ by their seed");
  const settings = ["learningRate", "network.*.rate", "batch"].map((setting) => ({ setting, values: [1] }));
  expect(planWords({ kind: "grid", settings })).toBe(
    "Every combination of learning rate, dropout of all layers and batch",
  );
  expect(planWords({ kind: "random", settings: settings.slice(0, 1), runs: 1, seed: 1 })).toBe(
    "1 draw of learning rate",
  );
  expect(planWords({ kind: "cross-validation", folds: 10 })).toBe("10 folds by patient");
});

it("puts the best of a search first, by what wins, and leaves repeats as they are", () => {
  const numbers = (metric: ExperimentOverview["metric"], plan = grid.plan): number[] =>
    inOrder({ ...grid, metric, plan }).map(({ run: number }) => number);
  expect(numbers("validation-loss")).toEqual([2, 4, 1, 3]);
  expect(numbers("validation-accuracy")).toEqual([1, 4, 2, 3]);
  expect(numbers("validation-loss", { kind: "repeats", times: 4 })).toEqual([1, 2, 3, 4]);
  expect(grid.runs.map(({ run: number }) => number)).toEqual([1, 2, 3, 4]);
});

it("says of a winner that it is too good by chance, where there was a choice", () => {
  expect(winnerWords(grid)).toMatch(/^It has the lowest validation loss, 0\.1000, of 3 runs\. .* too good by chance/);
  expect(winnerWords({ ...grid, runs: grid.runs.slice(1, 2) })).toBe(
    "It has the lowest validation loss, 0.1000, of 1 run.",
  );
  expect(winnerWords({ ...grid, winner: null })).toBeNull();
});

it("writes mean and deviation", () => {
  expect(spreadWords({ n: 5, mean: 0.98123, deviation: 0.0031 })).toBe("98.12 ± 0.31 %");
  expect(spreadWords({ n: 1, mean: 0.98123, deviation: null })).toBe("98.12 %");
  expect(spreadWords({ n: 0, mean: null, deviation: null })).toBe("–");
});
