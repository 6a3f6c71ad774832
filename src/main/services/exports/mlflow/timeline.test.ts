import { describe, expect, it } from "vitest";
import { timeline } from "./timeline.ts";

const epochs = [
  { seconds: 4, validationSeconds: 1 },
  { seconds: 8, validationSeconds: 2 },
];

describe("timeline", () => {
  it("lets epochs follow one another, and spreads steps over the training of theirs", () => {
    const times = timeline(1000, 60_000, epochs, 4);
    expect([1, 2].map(times.epoch)).toEqual([6000, 16_000]);
    // Four steps in 4 s; validation; four in 8 s.
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(times.step)).toEqual([2000, 3000, 4000, 5000, 8000, 10_000, 12_000, 14_000]);
  });

  it("takes an epoch that was broken off to be as fast as the one before it", () => {
    expect(timeline(0, 60_000, epochs, 4).step(9)).toBe(15_000 + 2000);
  });

  it("lets nothing lie after the end", () => {
    const times = timeline(0, 9000, epochs, 4);
    expect(times.epoch(2)).toBe(9000);
    expect(times.step(8)).toBe(9000);
  });
});
