import { describe, expect, it } from "vitest";
import { maskSeed } from "./training-step.ts";

describe("maskSeed", () => {
  it("gives each step different numbers, with room for each dropout layer's between them", () => {
    // A layer adds its number to the second int32; three layers are tested.
    const seen = new Set<number>();
    for (let step = 0; step < 10_000; step++) {
      const [first, second] = maskSeed(42, step);
      expect(first).toBe(42);
      for (let layer = 0; layer < 3; layer++) seen.add(second + layer);
    }
    expect(seen.size).toBe(30_000);
  });

  it("accepts any unsigned seed, up to the largest of 32 bits", () => {
    expect([...maskSeed(0xffffffff, 1)]).toEqual([-1, maskSeed(0, 1)[1]]);
    expect(maskSeed(0, 0)).not.toEqual(maskSeed(1, 0));
  });
});
