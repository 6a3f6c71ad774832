import { expect, it } from "vitest";
import { recordingTime } from "./format-clock.ts";

it.each([
  [null, 3723, "1:02:03"],
  ["2026-03-01T22:45:10", 0, "22:45:10"],
  ["2026-03-01T22:45:10", 3600, "23:45:10"],
  ["2026-03-01T22:45:10", 7200, "2026-03-02 00:45:10"],
  ["no time", 7, "0:07"],
])("with a start at %s, %d s are at %s", (startsAt, seconds, text) => {
  expect(recordingTime(startsAt, seconds)).toBe(text);
});
