import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineCount, linesInView, timeInLines } from "./disclosure-lines.ts";

describe("lines of the full disclosure", () => {
  it("cover the whole recording", () => {
    expect(lineCount(1805.6, 60)).toBe(31);
    expect(lineCount(1800, 60)).toBe(30);
    expect(lineCount(86_400, 60)).toBe(1440);
  });

  it("in view are those of the scrolled window, never more than fit", () => {
    expect(linesInView({ top: 0, height: 400, lineHeight: 40 }, 31)).toEqual({ first: 0, last: 9 });
    expect(linesInView({ top: 60, height: 400, lineHeight: 40 }, 31)).toEqual({ first: 1, last: 11 });
    expect(linesInView({ top: 5000, height: 400, lineHeight: 40 }, 31)).toEqual({ first: 30, last: 30 });
    fc.assert(
      fc.property(fc.nat(60_000), fc.integer({ min: 1, max: 2000 }), (top, height) => {
        const { first, last } = linesInView({ top, height, lineHeight: 40 }, 1440);
        expect(last - first).toBeLessThanOrEqual(Math.ceil(height / 40));
        expect(first).toBeGreaterThanOrEqual(0);
        expect(last).toBeLessThan(1440);
      }),
    );
  });

  it("lead to the time of a click", () => {
    const size = { width: 600, lineHeight: 40, lineSeconds: 60 };
    expect(timeInLines({ x: 300, y: 45 }, size)).toBe(90);
    expect(timeInLines({ x: -5, y: 0 }, size)).toBe(0);
  });
});
