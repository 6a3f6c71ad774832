import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  between,
  centredOn,
  centreOf,
  clampView,
  isClose,
  panned,
  PIXELS_PER_MM,
  scaled,
  secondsIn,
  speedOf,
  timeAt,
  toPixelsPerSecond,
  xAt,
  type Extent,
  type View,
} from "./view.ts";

const extent: Extent = { duration: 1805.5, width: 1000 };
const standard: View = { start: 600, pixelsPerSecond: toPixelsPerSecond(25) };

const views = fc.record({
  start: fc.double({ min: -5000, max: 5000, noNaN: true }),
  pixelsPerSecond: fc.double({ min: 0.01, max: 5000, noNaN: true }),
});
const extents = fc.record({
  duration: fc.double({ min: 0.5, max: 90_000, noNaN: true }),
  width: fc.integer({ min: 100, max: 4000 }),
});

describe("a view", () => {
  it("shows 25 mm/s at 96 pixels per inch, which is 94.5 pixels per second", () => {
    expect(standard.pixelsPerSecond).toBeCloseTo(94.488, 3);
    expect(speedOf(standard)).toBeCloseTo(25, 12);
    expect(10 * PIXELS_PER_MM).toBeCloseTo(37.795, 3);
    expect(secondsIn(standard, 1000)).toBeCloseTo(10.583, 3);
  });

  it("converts pixels to times and back", () => {
    fc.assert(
      fc.property(views, fc.double({ min: -1000, max: 4000, noNaN: true }), (view, x) => {
        // Two roundings of numbers up to 10^7 pixels.
        expect(xAt(view, timeAt(view, x))).toBeCloseTo(x, 5);
      }),
    );
  });

  it("stays inside the recording and below the maximum scale", () => {
    fc.assert(
      fc.property(views, extents, (view, where) => {
        const kept = clampView(view, where);
        expect(kept.start).toBeGreaterThanOrEqual(0);
        const shown = secondsIn(kept, where.width);
        if (shown <= where.duration) expect(kept.start + shown).toBeLessThanOrEqual(where.duration + 1e-6);
        else expect(kept.start).toBe(0);
        expect(clampView(kept, where)).toEqual(kept);
      }),
    );
  });

  it("shows at most the whole recording, and a short one at no less than the standard speed", () => {
    expect(secondsIn(clampView({ start: 3, pixelsPerSecond: 1e-9 }, extent), 1000)).toBeCloseTo(1805.5, 9);
    const short = clampView({ start: 0, pixelsPerSecond: 1e-9 }, { duration: 2, width: 1000 });
    expect(speedOf(short)).toBeCloseTo(25, 12);
  });

  it("keeps the time under the pointer while zooming", () => {
    for (const x of [0, 137, 1000]) {
      expect(timeAt(scaled(standard, 300, x, extent), x)).toBeCloseTo(timeAt(standard, x), 9);
    }
  });

  it("pans by pixels and centres on a time, within the recording", () => {
    expect(panned(standard, 94.488, extent).start).toBeCloseTo(601, 4);
    expect(panned(standard, -1e9, extent).start).toBe(0);
    expect(centreOf(centredOn(standard, 900, extent), 1000)).toBeCloseTo(900, 9);
    expect(timeAt(centredOn(standard, 1805.5, extent), 1000)).toBeCloseTo(1805.5, 9);
  });

  it("reaches the target view, with a fixed centre where only the scale changes", () => {
    const closer = scaled(standard, 400, 500, extent);
    expect(centreOf(between(standard, closer, 0.3, 1000), 1000)).toBeCloseTo(centreOf(standard, 1000), 9);
    expect(isClose(between(standard, closer, 1, 1000), closer, 1000)).toBe(true);
    expect(isClose(between(standard, closer, 0.9, 1000), closer, 1000)).toBe(false);
  });
});
