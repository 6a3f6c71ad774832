import { describe, expect, it } from "vitest";
import { formatDuration, formatInteger } from "./format-number.ts";

describe("numbers as text", () => {
  it("separate thousands", () => {
    expect(formatInteger(1025143)).toBe("1,025,143");
    for (const value of [0, 7, 999, 1000, -999, -1000, 999_999.5, 123_456_789, -1_234_567, 9e15]) {
      expect(formatInteger(value)).toBe(Math.round(value).toLocaleString("en-US"));
    }
    expect(formatInteger(-0.4)).toBe("0");
  });

  it("show durations in the unit that fits", () => {
    expect([0.04, 9.94, 9.96, 59.4, 59.6, 185, 3599.7, 5040].map(formatDuration)).toEqual([
      "0.0 s",
      "9.9 s",
      "10 s",
      "59 s",
      "1 min 00 s",
      "3 min 05 s",
      "1 h 00 min",
      "1 h 24 min",
    ]);
  });
});
