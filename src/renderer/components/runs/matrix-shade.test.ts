import { describe, expect, it } from "vitest";
import { shadeOf } from "./matrix-shade.ts";

describe("shade of a cell", () => {
  it("is 0 for no beats, strongest for all beats, and visible for few", () => {
    expect(shadeOf(0)).toBe(0);
    expect(shadeOf(1)).toBe(42);
    expect(shadeOf(0.01)).toBeCloseTo(4.2, 12);
    expect(shadeOf(0.25)).toBeGreaterThan(shadeOf(0.2));
  });
});
