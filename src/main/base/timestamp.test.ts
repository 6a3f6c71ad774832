import { expect, it } from "vitest";
import { fileNameTime, formatUtcMinute, timestamp } from "./timestamp.ts";

const time = new Date("2026-11-29T14:05:09.120Z");

it("returns the present time as text that sorts by time", () => {
  const [first, second] = [timestamp(), timestamp()];
  expect(new Date(first).toISOString()).toBe(first);
  expect(second >= first).toBe(true);
});

it("formats a minute in UTC, and a time without colons", () => {
  expect(formatUtcMinute(time)).toBe("2026-11-29 14:05 UTC");
  expect(fileNameTime(time)).toBe("2026-11-29T14-05-09");
});
