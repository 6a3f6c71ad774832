import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { calmly } from "./calmly.ts";

/** What a frame takes, in ms. */
let frame = 10;
beforeEach(() => {
  vi.useFakeTimers();
  frame = 10;
  vi.stubGlobal("requestAnimationFrame", (then: () => void) => setTimeout(then, frame));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function showings(changes: number, between: number): Promise<number> {
  const show = vi.fn();
  const changed = calmly(show);
  for (let i = 0; i < changes; i++) {
    changed();
    await vi.advanceTimersByTimeAsync(between);
  }
  await vi.advanceTimersByTimeAsync(5000);
  return show.mock.calls.length;
}

describe("what changes often", () => {
  it("is shown at once where it changes seldom", async () => {
    expect(await showings(5, 1000)).toBe(5);
  });

  it("is shown ten times a second at most, the last change too", async () => {
    // A second of changes every 5 ms: one at once, one each 100 ms, and the last.
    expect(await showings(200, 5)).toBe(11);
  });

  it("is shown less often where showing takes long, so that four fifths of the time are left", async () => {
    frame = 200;
    // Two seconds: each takes 200 ms and rests 800.
    expect(await showings(400, 5)).toBe(3);
  });
});
