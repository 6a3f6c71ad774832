import { describe, expect, it } from "vitest";
import { nextStepOf } from "./next-step-of.ts";

describe("nextStepOf", () => {
  it("prepares a dataset without preparations", () => {
    expect(nextStepOf(2, [{ id: 9, datasetId: 1 }])).toEqual({ to: "/preparation/2", label: "Prepare" });
  });

  it("trains on the latest preparation of a prepared dataset", () => {
    const preparations = [
      { id: 4, datasetId: 2 },
      { id: 7, datasetId: 2 },
      { id: 9, datasetId: 1 },
    ];
    expect(nextStepOf(2, preparations)).toEqual({ to: "/model?preparation=7", label: "Train" });
  });
});
