import { describe, expect, it } from "vitest";
import type { ClassCounts, PreparationSummary } from "../../../contract/domain/preparation.ts";
import { barRows, isLogarithmic, totals } from "./class-bars.ts";

const counts = (label: string, found: number, train: number, syntheticTrain = 0): ClassCounts => ({
  label,
  found,
  train,
  validation: 10,
  test: 0,
  syntheticTrain,
  syntheticValidation: 0,
  syntheticTest: 0,
});
const summary = (...classes: ClassCounts[]): PreparationSummary => ({ counts: classes }) as PreparationSummary;

describe("bars of the class distribution", () => {
  it("are linear where all bars are visible", () => {
    const given = summary(counts("N", 100, 60), counts("V", 50, 60, 30));
    expect(isLogarithmic(given)).toBe(false);
    const [, row] = barRows(given);
    expect(row?.bars[0]).toEqual({ beats: 50, synthetic: 0, length: 0.5, realLength: 0.5 });
    expect(row?.bars[1]).toEqual({ beats: 60, synthetic: 30, length: 0.6, realLength: 0.3 });
    expect(totals(barRows(given))).toEqual([150, 120, 20, 0]);
  });

  it("are logarithmic where a small class would vanish, with length 1 for the largest and 0 for no beats", () => {
    const given = summary(counts("N", 75_011, 50_000), counts("e", 16, 75_011, 75_001));
    expect(isLogarithmic(given)).toBe(true);
    const [first, second] = barRows(given);
    expect(first?.bars[0]?.length).toBe(1);
    expect(second?.bars[0]?.length).toBeCloseTo(Math.log10(17) / Math.log10(75_012), 12);
    expect(second?.bars[1]?.realLength).toBeLessThan(second?.bars[1]?.length ?? 0);
    expect(second?.bars[3]).toEqual({ beats: 0, synthetic: 0, length: 0, realLength: 0 });
  });
});
