import { describe, expect, it } from "vitest";
import { exclusionTexts, labelsSinceText } from "./label-choice.ts";

describe("labelsSinceText", () => {
  it("counts the corrections since, and names removed sets", () => {
    expect(labelsSinceText([])).toBeNull();
    expect(
      labelsSinceText([
        { record: "100", set: "a-reviewed", edits: 2, removed: false },
        { record: "101", set: "b-reviewed", edits: 1, removed: true },
      ]),
    ).toBe("3 corrections since, in 100, 101: prepare again to use them. Removed since: b-reviewed.");
  });
});

describe("exclusionTexts", () => {
  it("says why beats were left out", () => {
    expect(exclusionTexts({ noise: 1, unreviewed: 20 })).toEqual([
      "20 beats that nobody reviewed",
      "1 beat in stretches marked as noise",
    ]);
    expect(exclusionTexts({})).toEqual([]);
  });
});
