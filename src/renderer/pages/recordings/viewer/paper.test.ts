import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatClock, parseClock, timeLabels, timeLines, voltageLines } from "./paper.ts";
import { PIXELS_PER_MM, toPixelsPerSecond } from "./view.ts";

describe("ECG paper", () => {
  it("has a line each millimetre and a strong one each five, at 25 mm/s and 10 mm/mV", () => {
    const view = { start: 1, pixelsPerSecond: toPixelsPerSecond(25) };
    const across = timeLines(view, 50 * PIXELS_PER_MM);
    // 1 s is 25 mm: a large square begins there.
    expect(across.coarse).toHaveLength(11);
    expect(across.fine).toHaveLength(40);
    across.coarse.forEach((x, i) => expect(x).toBeCloseTo(5 * i * PIXELS_PER_MM, 9));
    expect(across.fine[0]).toBeCloseTo(PIXELS_PER_MM, 9);
    const down = voltageLines(100, 100 - 10 * PIXELS_PER_MM, 100 + 5 * PIXELS_PER_MM, 10);
    expect(down.coarse).toHaveLength(4);
    expect(down.fine).toHaveLength(12);
    expect(Math.min(...down.coarse)).toBeCloseTo(100 - 10 * PIXELS_PER_MM, 9);
  });

  it("never draws lines closer than 3 pixels, nor thousands of them", () => {
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

  it("writes times that do not run into each other", () => {
    const labels = timeLabels({ start: 59.5, pixelsPerSecond: toPixelsPerSecond(25) }, 400);
    expect(labels.map(({ text }) => text)).toEqual(["1:00", "1:01", "1:02", "1:03"]);
    expect(labels[1].x - labels[0].x).toBeGreaterThanOrEqual(84);
    expect(timeLabels({ start: 0, pixelsPerSecond: 1000 / 1800 }, 1000)[1].text).toBe("5:00");
    expect(timeLabels({ start: 0.95, pixelsPerSecond: 1000 }, 200).map(({ text }) => text)).toEqual([
      "0:01.0",
      "0:01.1",
    ]);
  });

  it.each([
    [7, 0, "0:07"],
    [723.125, 3, "12:03.125"],
    [59.9996, 3, "1:00.000"],
    [3723, 0, "1:02:03"],
  ])("shows %f s as %s", (seconds, digits, text) => expect(formatClock(seconds, digits)).toBe(text));

  it.each([
    ["90", 90],
    ["1:30", 90],
    [" 1:30.5 ", 90.5],
    ["0:01:30", 90],
    ["12,25", 12.25],
    ["", null],
    ["1:", null],
    ["abc", null],
    ["-3", null],
    ["1:2:3:4", null],
  ])("reads %j", (text, seconds) => expect(parseClock(text)).toBe(seconds));

  it("reads what it shows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 90_000_000 }), (ms) => {
        expect(parseClock(formatClock(ms / 1000, 3))).toBeCloseTo(ms / 1000, 9);
      }),
    );
  });
});
