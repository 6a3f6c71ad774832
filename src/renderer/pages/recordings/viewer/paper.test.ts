import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { timeLabels, timeLines, voltageLines } from "./paper.ts";
import { PIXELS_PER_MM, toPixelsPerSecond } from "./view.ts";

describe("ECG paper", () => {
  it("has a fine line every mm and a coarse line every 5 mm, at 25 mm/s and 10 mm/mV", () => {
    const view = { start: 1, pixelsPerSecond: toPixelsPerSecond(25) };
    const across = timeLines(view, 50 * PIXELS_PER_MM);
    // 1 s is 25 mm, where a large square begins.
    expect(across.coarse).toHaveLength(11);
    expect(across.fine).toHaveLength(40);
    across.coarse.forEach((x, i) => expect(x).toBeCloseTo(5 * i * PIXELS_PER_MM, 9));
    expect(across.fine[0]).toBeCloseTo(PIXELS_PER_MM, 9);
    const down = voltageLines(100, 100 - 10 * PIXELS_PER_MM, 100 + 5 * PIXELS_PER_MM, 10);
    expect(down.coarse).toHaveLength(4);
    expect(down.fine).toHaveLength(12);
    expect(Math.min(...down.coarse)).toBeCloseTo(100 - 10 * PIXELS_PER_MM, 9);
  });

  it("never draws lines closer than 3 pixels, nor more than 700 lines", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e5, noNaN: true }),
        fc.double({ min: 0.02, max: 1600, noNaN: true }),
        (start, pixelsPerSecond) => {
          const { fine, coarse } = timeLines({ start, pixelsPerSecond }, 2000);
          const all = [...fine, ...coarse].sort((a, b) => a - b);
          expect(all.length).toBeLessThan(700);
          for (let i = 1; i < all.length; i++) expect(all[i] - all[i - 1]).toBeGreaterThan(2.99);
        },
      ),
    );
  });

  it("draws time labels without overlap", () => {
    const labels = timeLabels({ start: 59.5, pixelsPerSecond: toPixelsPerSecond(25) }, 400);
    expect(labels.map(({ text }) => text)).toEqual(["1:00", "1:01", "1:02", "1:03"]);
    expect(labels[1].x - labels[0].x).toBeGreaterThanOrEqual(84);
    expect(timeLabels({ start: 0, pixelsPerSecond: 1000 / 1800 }, 1000)[1].text).toBe("5:00");
    expect(timeLabels({ start: 0.95, pixelsPerSecond: 1000 }, 200).map(({ text }) => text)).toEqual([
      "0:01.0",
      "0:01.1",
    ]);
  });
});
