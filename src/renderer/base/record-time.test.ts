import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatClock } from "../../contract/text/format-clock.ts";
import { parseClock } from "./record-time.ts";

describe("a time of a recording", () => {
  it.each([
    [7, 0, "0:07"],
    [723.125, 3, "12:03.125"],
    [59.9996, 3, "1:00.000"],
    [3723, 0, "1:02:03"],
  ])("formats %f s as %s", (seconds, digits, text) => expect(formatClock(seconds, digits)).toBe(text));

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
  ])("parses %j", (text, seconds) => expect(parseClock(text)).toBe(seconds));

  it("parses what it formats", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 90_000_000 }), (ms) => {
        expect(parseClock(formatClock(ms / 1000, 3))).toBeCloseTo(ms / 1000, 9);
      }),
    );
  });
});
