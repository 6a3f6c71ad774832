import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { adaptiveThrottle } from "./adaptive-throttle.ts";

/** Time that a frame takes, in ms. */
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

async function updatesOf(changes: number, intervalMs: number): Promise<number> {
  const update = vi.fn();
  const changed = adaptiveThrottle(update);
  for (let i = 0; i < changes; i++) {
    changed();
    await vi.advanceTimersByTimeAsync(intervalMs);
  }
  await vi.advanceTimersByTimeAsync(5000);
  return update.mock.calls.length;
}

describe("adaptiveThrottle", () => {
  it("updates at once when changes are rare", async () => {
    expect(await updatesOf(5, 1000)).toBe(5);
  });

  it("updates at most ten times a second, and shows the last change", async () => {
    // A second of changes every 5 ms: one at once, one each 100 ms, and the last.
    expect(await updatesOf(200, 5)).toBe(11);
  });

  it("updates less often where an update is slow, and leaves four fifths of the time", async () => {
    frame = 200;
    // Two seconds: each update takes 200 ms, and 800 ms of pause follow.
    expect(await updatesOf(400, 5)).toBe(3);
  });
});
