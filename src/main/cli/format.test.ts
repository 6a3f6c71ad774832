import { describe, expect, it } from "vitest";
import { formatTable } from "./format.ts";

describe("formatTable", () => {
  it("aligns columns marked with > to the right and others to the left", () => {
    expect(
      formatTable(
        ["Class", "Beats>"],
        [
          ["N", "75,011"],
          ["V", "7"],
        ],
      ),
    ).toBe("Class   Beats\n─────  ──────\nN      75,011\nV           7");
  });
});
