import { expect, it } from "vitest";
import { pythonExample } from "./python-example.ts";

const inputs = [
  { id: "input" as const, shape: [432, 2] },
  { id: "rhythm" as const, shape: [71] },
  { id: "sequence" as const, shape: [17, 71] },
];

it("reads a recording where the model has the beat alone", () => {
  expect(pythonExample("onnx", {})).toContain("python predict.py path/to/record");
});

it.each(["savedmodel", "onnx"] as const)("lists the inputs of a model with features by their names: %s", (format) => {
  const program = pythonExample(format, { inputs });
  expect(program).toContain("    beats [beats, 432, 2]\n    rhythm [beats, 71]\n    sequence [beats, 17, 71]\n");
  expect(program).toContain('INPUTS = ["beats","rhythm","sequence"]');
});

it("names the beat as Keras does", () => {
  expect(pythonExample("keras", { inputs })).toContain('INPUTS = ["input","rhythm","sequence"]');
});

it("computes the features of a recording where the model has an input recipe", () => {
  const recipe = { version: 1, variant: "full", leads: 2, channels: ["beat"], synthetic: true } as const;
  const program = pythonExample("onnx", { inputs, input: { recipe: { ...recipe, channels: ["beat"] } } });
  expect(program).toContain("python predict.py path/to/record");
  expect(program).toContain('predict({"beats": inputs["input"], "rhythm": inputs["rhythm"]');
});

it("reads a table where the model classifies rows of one", () => {
  expect(pythonExample("onnx", { input: { rows: true } })).toContain("python predict.py path/to/table.csv");
});
