import { describe, expect, it } from "vitest";
import { countTags, parseTags } from "./tags.ts";

describe("tags", () => {
  it("are split at commas, trimmed and unique", () => {
    expect(parseTags(" final, seed study ,,final,")).toEqual(["final", "seed study"]);
    expect(parseTags("  ")).toEqual([]);
  });
});

it("counts the runs of each tag, most frequent first", () => {
  const runs = [{ tags: ["final"] }, { tags: ["old", "final"] }, { tags: [] }];
  expect(countTags(runs)).toEqual([
    { tag: "final", count: 2 },
    { tag: "old", count: 1 },
  ]);
});
