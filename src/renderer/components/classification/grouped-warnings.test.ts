import { expect, it } from "vitest";
import { groupedWarnings } from "./grouped-warnings.ts";

it("names each warning once, with a few of its recordings", () => {
  const recordings = Array.from({ length: 7 }, (_, i) => ({
    record: `r${i}`,
    warnings: i === 2 ? ["A.", "B."] : ["A."],
  }));
  expect(groupedWarnings(recordings)).toEqual(["r0, r1, r2, r3, r4 and 2 more: A.", "r2: B."]);
  expect(groupedWarnings([])).toEqual([]);
});
