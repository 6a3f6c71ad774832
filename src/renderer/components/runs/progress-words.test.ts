import { describe, expect, it } from "vitest";
import { progressOf } from "./progress-words.ts";

const progress = { epoch: 3, epochs: 4, step: 500, steps: 1000, loss: 1, accuracy: 0.5, samplesPerSecond: 10 };

describe("how far a run is", () => {
  it("counts epochs and the steps of this one", () => {
    expect(progressOf({ progress, evaluating: null })).toEqual({
      words: "Epoch 3 of 4, step 500 of 1,000",
      percentage: 62,
    });
  });

  it("says what is evaluated, and keeps the share", () => {
    const evaluating = { stage: "Validating epoch 3", done: 0, total: 1200, unit: "beats" };
    expect(progressOf({ progress, evaluating })).toEqual({
      words: "Validating epoch 3: 0 of 1,200 beats",
      percentage: 62,
    });
  });

  it("says that it begins before anything was heard", () => {
    expect(progressOf({ progress: null, evaluating: null })).toEqual({ words: "Beginning…", percentage: 0 });
  });
});
