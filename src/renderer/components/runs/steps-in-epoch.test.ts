import { describe, expect, it } from "vitest";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import { stepsInEpoch } from "./steps-in-epoch.ts";

const details = (train: number, batch: number, stepsPerEpoch: number) =>
  ({ run: { settings: { batch, stepsPerEpoch } }, preparation: { summary: { totals: { train } } } }) as RunDetails;

describe("steps per epoch", () => {
  it("equal the number of batches, of which the last may be smaller", () => {
    expect(stepsInEpoch(details(130, 64, 0))).toBe(3);
    expect(stepsInEpoch(details(128, 64, 0))).toBe(2);
  });

  it("follow the setting, but never exceed the number of batches", () => {
    expect(stepsInEpoch(details(6400, 64, 20))).toBe(20);
    expect(stepsInEpoch(details(130, 64, 20))).toBe(3);
  });
});
