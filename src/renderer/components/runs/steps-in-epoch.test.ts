import { describe, expect, it } from "vitest";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import { stepsInEpoch } from "./steps-in-epoch.ts";

const details = (train: number, batch: number, stepsPerEpoch: number) =>
  ({ run: { settings: { batch, stepsPerEpoch } }, preparation: { summary: { totals: { train } } } }) as RunDetails;

describe("steps of an epoch", () => {
  it("are as many as there are batches, the last one smaller", () => {
    expect(stepsInEpoch(details(130, 64, 0))).toBe(3);
    expect(stepsInEpoch(details(128, 64, 0))).toBe(2);
  });

  it("are as the settings have it, but never more than there are batches", () => {
    expect(stepsInEpoch(details(6400, 64, 20))).toBe(20);
    expect(stepsInEpoch(details(130, 64, 20))).toBe(3);
  });
});
