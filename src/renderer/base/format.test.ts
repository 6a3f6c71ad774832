import { describe, expect, it } from "vitest";
import {
  counted,
  formatBytes,
  formatDuration,
  formatIntervalOf,
  formatMilliseconds,
  formatPercent,
  formatScore,
  formatShareOf,
  NONE,
} from "./format.ts";

describe("formats", () => {
  it.each([
    [counted(1, "record"), "1 record"],
    [counted(112_647, "beat"), "112,647 beats"],
    [formatPercent(0.99638), "99.64 %"],
    [formatPercent(null), NONE],
    [formatScore(0.9741239), "0.974"],
    [formatShareOf(0.6667, 6), "67 %"],
    [formatShareOf(0.97614, 837), "97.6 %"],
    [formatShareOf(0.99638, 89_000), "99.64 %"],
    [formatIntervalOf({ low: 0.6333, high: 1 }, 60), "63–100"],
    [formatIntervalOf({ low: 0.97101, high: 0.97999 }, 837), "97.1–98.0"],
    [formatDuration(0.84), "0.8 s"],
    [formatDuration(59.7), "1 min 00 s"],
    [formatDuration(256), "4 min 16 s"],
    [formatDuration(5040), "1 h 24 min"],
    [formatMilliseconds(0.384), "0.38 ms"],
    [formatMilliseconds(21.4), "21 ms"],
    [formatBytes(0), "0 B"],
    [formatBytes(1_480_000_000), "1.5 GB"],
    [formatBytes(148_000_000), "148 MB"],
    [formatBytes(23_700_000), "24 MB"],
  ])("%s", (formatted, expected) => expect(formatted).toBe(expected));
});
