import { expect, it } from "vitest";
import { contextRange, leadPath, rrIntervals } from "./beat-context.ts";

it("begins at the start of the recording for an early beat", () => {
  expect(contextRange(3600, 360)).toEqual({ from: 1800, to: 5400 });
  expect(contextRange(100, 360)).toEqual({ from: 0, to: 1900 });
});

it("measures RR intervals between beats, not other annotations", () => {
  const [samples, beats] = [
    [10, 370, 500, 730, 1000],
    [1, 1, 0, 1, 1],
  ];
  expect(rrIntervals(samples, beats, 370, 360)).toEqual({ before: 1000, after: 1000 });
  expect(rrIntervals(samples, beats, 730, 360)).toEqual({ before: 1000, after: 750 });
  expect(rrIntervals(samples, beats, 10, 360)).toEqual({ before: null, after: 1000 });
  expect(rrIntervals(samples, beats, 1000, 360)).toEqual({ before: 750, after: null });
});

it("fits a lead to its box, with gaps for missing samples", () => {
  expect(leadPath(Float32Array.of(0, 1, NaN, 0.5, 0), 40, 10)).toBe("M0.0 10.0L10.0 0.0M30.0 5.0L40.0 10.0");
  expect(leadPath(Float32Array.of(NaN), 40, 10)).toBe("");
});
