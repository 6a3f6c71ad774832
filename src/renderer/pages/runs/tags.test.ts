import { describe, expect, it } from "vitest";
import { parseTags } from "./tags.ts";

describe("tags", () => {
  it("stand between commas, each once", () => {
    expect(parseTags(" final, seed study ,,final,")).toEqual(["final", "seed study"]);
    expect(parseTags("  ")).toEqual([]);
  });
});
