import { describe, expect, it } from "vitest";
import { maskSeed } from "./training-step.ts";

describe("maskSeed", () => {
  it("gives each step numbers of its own, with room for each dropout layer's between them", () => {
    // A layer adds its number to the second: three layers are the most that a network has.
    const seen = new Set<number>();
    for (let step = 0; step < 10_000; step++) {
      const [first, second] = maskSeed(42, step);
      expect(first).toBe(42);
      for (let layer = 0; layer < 3; layer++) seen.add(second + layer);
    }
    expect(seen.size).toBe(30_000);
  });

  it("takes any seed: the largest has no sign in 32 bits", () => {
    expect([...maskSeed(0xffffffff, 1)]).toEqual([-1, maskSeed(0, 1)[1]]);
    expect(maskSeed(0, 0)).not.toEqual(maskSeed(1, 0));
  });
});
