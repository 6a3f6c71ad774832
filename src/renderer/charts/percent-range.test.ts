import { expect, it } from "vitest";
import { percentRange } from "./percent-range.ts";

it("ends at 100 % where values lie close to it", () => {
  expect(percentRange([72, 99.6])).toEqual({ min: 70, max: 100, interval: 10 });
  expect(percentRange([99.21, 99.87])).toEqual({ min: 99.2, max: 100, interval: 0.2 });
  expect(percentRange([100, 100])).toEqual({ min: 99.9, max: 100, interval: 0.1 });
});

it("covers all values, and nothing below 0 %", () => {
  expect(percentRange([0, 3])).toEqual({ min: 0, max: 3, interval: 1 });
  expect(percentRange([0])).toEqual({ min: 0, max: 0.1, interval: 0.1 });
  expect(percentRange([])).toEqual({ min: 0, max: 100, interval: 20 });
});
