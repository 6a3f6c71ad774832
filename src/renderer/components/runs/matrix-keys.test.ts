import { expect, it } from "vitest";
import { nextCell } from "./matrix-keys.ts";

it("moves to the next cell with beats, skips cells without, and stops at the edge", () => {
  const confusion = [
    [9, 0, 2],
    [0, 5, 0],
    [1, 0, 0],
  ];
  expect(nextCell(confusion, [0, 0], "ArrowRight")).toEqual([0, 2]);
  expect(nextCell(confusion, [0, 2], "ArrowLeft")).toEqual([0, 0]);
  expect(nextCell(confusion, [0, 0], "ArrowDown")).toEqual([2, 0]);
  expect(nextCell(confusion, [1, 1], "ArrowUp")).toBeNull();
  expect(nextCell(confusion, [0, 2], "ArrowRight")).toBeNull();
  expect(nextCell(confusion, [0, 0], "Enter")).toBeNull();
});
