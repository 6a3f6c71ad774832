import { describe, expect, it } from "vitest";
import { endOffsets } from "./end-offsets.ts";

describe("labels at the ends of lines", () => {
  it("are not moved while the lines end apart", () => {
    expect(endOffsets([0.2, 0.8], [0, 1])).toEqual([0, 0]);
    expect(endOffsets([0.2], [0, 1])).toEqual([0]);
  });

  it("move apart where they would touch, the higher label up", () => {
    expect(endOffsets([0.5, 0.52], [0, 1])).toEqual([7, -7]);
    expect(endOffsets([0.52, 0.5], [0, 1])).toEqual([-7, 7]);
    expect(endOffsets([0.5, 0.5], [0, 1])).toEqual([-7, 7]);
  });

  it("ignore a line without points", () => {
    expect(endOffsets([0.5, NaN], [0, 1])).toEqual([0, 0]);
  });
});
