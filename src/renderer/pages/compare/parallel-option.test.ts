import { expect, it } from "vitest";
import type { ComparedRun } from "../../../contract/domain/comparison.ts";
import { tokens } from "../../theme/tokens.ts";
import { parallelAxes, parallelOption } from "./parallel-option.ts";

it("has an axis of numbers where all values are numbers, else of categories, and leaves out lists of layers", () => {
  const runs = [{ test: { accuracy: 0.5, macroF1: 0.25 } }, { test: null }] as unknown as ComparedRun[];
  const axes = parallelAxes(runs, [
    { name: "training.learningRate", values: ["0.01", "1e-3"] },
    { name: "training.optimizer.kind", values: ["adam", "sgd"] },
    { name: "training.optimizer.momentum", values: [null, "0.9"] },
    { name: "training.network.layers", values: ["[]", "[1]"] },
  ]);
  expect(axes).toEqual([
    { name: "Learning rate", categories: null, values: [0.01, 0.001] },
    { name: "Optimizer", categories: ["Adam", "SGD"], values: ["Adam", "SGD"] },
    { name: "Momentum", categories: null, values: [null, 0.9] },
    { name: "Accuracy (%)", categories: null, percent: true, values: [50, null] },
    { name: "Macro F1 (%)", categories: null, percent: true, values: [25, null] },
  ]);
});

it("ends the axes of percentages at 100 %", () => {
  const runs = [0.72, 0.996].map((accuracy, i) => ({ id: i + 1, test: { accuracy, macroF1: accuracy } }));
  const compared = runs as unknown as ComparedRun[];
  const style = { colour: "#000", dash: [] };
  const { parallelAxis } = parallelOption(parallelAxes(compared, []), compared, [style, style], tokens.light);
  expect(parallelAxis).toMatchObject([
    { min: 70, max: 100 },
    { min: 70, max: 100 },
  ]);
});
