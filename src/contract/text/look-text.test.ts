import { expect, it } from "vitest";
import { lookText } from "./look-text.ts";

it("says how often a test set was evaluated, and that its metrics are optimistic from the second time on", () => {
  expect(lookText({ looks: 1, sameRecordings: 0 })).toBe("This test set has been evaluated once in this workspace.");
  expect(lookText({ looks: 14, sameRecordings: 0 })).toMatch(
    /^This test set has been evaluated 14 times in this workspace\. Test metrics are optimistic/,
  );
});

it("names the evaluations of the same recordings with another window or class map", () => {
  expect(lookText({ looks: 1, sameRecordings: 2 })).toBe(
    "This test set has been evaluated once in this workspace. Its recordings have been evaluated 2 times more, with " +
      "other beats or classes. Test metrics are optimistic where settings were chosen after some of them had been seen.",
  );
});
