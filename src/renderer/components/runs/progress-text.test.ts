import { describe, expect, it } from "vitest";
import { runProgress } from "./progress-text.ts";

const progress = { epoch: 3, epochs: 4, step: 500, steps: 1000, loss: 1, accuracy: 0.5, samplesPerSecond: 10 };

describe("progress of a run", () => {
  it("counts epochs and the steps of the current epoch", () => {
    expect(runProgress({ progress, evaluating: null })).toEqual({
      text: "Epoch 3 of 4, step 500 of 1,000",
      percentage: 62,
    });
  });

  it("names the evaluation and keeps the percentage", () => {
    const evaluating = { stage: "Validating epoch 3", done: 0, total: 1200, unit: "beats" };
    expect(runProgress({ progress, evaluating })).toEqual({
      text: "Validating epoch 3: 0 of 1,200 beats",
      percentage: 62,
    });
  });

  it("is “Starting…” before the first step", () => {
    expect(runProgress({ progress: null, evaluating: null })).toEqual({ text: "Starting…", percentage: 0 });
  });
});
