import { expect, it } from "vitest";
import type { ExperimentOverview, ExperimentRun } from "../../../contract/domain/experiments.ts";
import { planText, rankedRuns, winnerText } from "./plan-text.ts";

const run = (number: number, value: number | null, status: ExperimentRun["status"] = "completed"): ExperimentRun => ({
  run: number,
  label: `batch ${number}`,
  status,
  value,
  test: null,
  machine: null,
  failure: null,
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
  looks: null,
  test: null,
};

it("describes the design", () => {
  expect(planText({ kind: "repeats", times: 5 })).toBe("5 repeats with different seeds");
  const settings = ["learningRate", "network.*.rate", "batch"].map((setting) => ({ setting, values: [1] }));
  expect(planText({ kind: "grid", settings })).toBe(
    "Grid search over learning rate, dropout rate (all layers) and batch size",
  );
  expect(planText({ kind: "random", settings: settings.slice(0, 1), runs: 1, seed: 1 })).toBe(
    "Random search over learning rate, 1 trial",
  );
  expect(planText({ kind: "cross-validation", folds: 10 })).toBe("Patient-wise 10-fold cross-validation");
});

it("ranks the runs of a search by its metric, and keeps the order of repeats", () => {
  const numbers = (metric: ExperimentOverview["metric"], plan = grid.plan): number[] =>
    rankedRuns({ ...grid, metric, plan }).map(({ run: number }) => number);
  expect(numbers("validation-loss")).toEqual([2, 4, 1, 3]);
  expect(numbers("validation-accuracy")).toEqual([1, 4, 2, 3]);
  expect(numbers("validation-loss", { kind: "repeats", times: 4 })).toEqual([1, 2, 3, 4]);
  expect(grid.runs.map(({ run: number }) => number)).toEqual([1, 2, 3, 4]);
});

it("states the selection bias of the best run, where there was a choice", () => {
  expect(winnerText(grid)).toMatch(/^Lowest validation loss of 3 runs: 0\.1000\. It is optimistically biased/);
  expect(winnerText({ ...grid, runs: grid.runs.slice(1, 2) })).toBe("Lowest validation loss of 1 run: 0.1000.");
  expect(winnerText({ ...grid, winner: null })).toBeNull();
});
