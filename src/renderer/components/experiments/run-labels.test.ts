import { expect, it } from "vitest";
import { formatRunLabel } from "./run-labels.ts";

it("formats a label with the names of the settings", () => {
  expect(formatRunLabel("learningRate 0.01, batch 64")).toBe("Learning rate 0.01, batch size 64");
  expect(formatRunLabel("network cnn, network.dropout-1.rate 0.3")).toBe(
    "Network 1D-CNN, dropout rate (dropout-1) 0.3",
  );
  expect(formatRunLabel("seed 42")).toBe("Seed 42");
  expect(formatRunLabel("fold 1 of 5")).toBe("Fold 1 of 5");
});
