import { expect, it } from "vitest";
import { labelWords } from "./run-labels.ts";

it("says a run's label in words", () => {
  expect(labelWords("learningRate 0.01, batch 64")).toBe("Learning rate 0.01, batch 64");
  expect(labelWords("network cnn, network.dropout-1.rate 0.3")).toBe("Network 1D-CNN, dropout of dropout-1 0.3");
  expect(labelWords("seed 42")).toBe("Seed 42");
  expect(labelWords("fold 1 of 5")).toBe("Fold 1 of 5");
});
