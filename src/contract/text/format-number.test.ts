import { describe, expect, it } from "vitest";
import { formatDuration, formatInteger } from "./format-number.ts";

describe("numbers as text", () => {
  it("separate thousands", () => {
    expect(formatInteger(1025143)).toBe("1,025,143");
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
