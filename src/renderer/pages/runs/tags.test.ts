import { describe, expect, it } from "vitest";
import { parseTags } from "./tags.ts";

describe("tags", () => {
  it("are split at commas, trimmed and unique", () => {
    expect(parseTags(" final, seed study ,,final,")).toEqual(["final", "seed study"]);
    expect(parseTags("  ")).toEqual([]);
  });
});
