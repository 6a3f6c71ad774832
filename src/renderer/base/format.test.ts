import { describe, expect, it } from "vitest";
import { counted, formatBytes, formatDuration, formatInterval, formatMilliseconds } from "./format.ts";

describe("formats", () => {
  it.each([
    [counted(1, "record"), "1 record"],
    [counted(112_647, "beat"), "112,647 beats"],
    [formatInterval({ low: 0.63333, high: 1 }), "63.33–100.00"],
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
