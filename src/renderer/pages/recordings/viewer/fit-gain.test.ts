import { expect, it } from "vitest";
import { fittingGain } from "./fit-gain.ts";

it("leads fit into their lanes at the largest possible gain", () => {
  const gains = [2.5, 5, 10, 20];
  expect(fittingGain([{ lowest: -1, highest: 2, middle: 0, height: 44 }], gains)).toBe(10);
  expect(fittingGain([{ lowest: -1, highest: 2, middle: 0.5, height: 44 }], gains)).toBe(10);
  expect(fittingGain([{ lowest: -9, highest: 9, middle: 0, height: 10 }], gains)).toBe(2.5);
  expect(fittingGain([], gains)).toBe(20);
});
