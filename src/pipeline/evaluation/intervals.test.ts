import { expect, it } from "vitest";
import { evaluationIntervals } from "./intervals.ts";
import { wilsonInterval } from "./wilson.ts";

it("computes sensitivity by row, PPV by column, accuracy by the diagonal", () => {
  const intervals = evaluationIntervals([
    [8, 2, 0],
    [1, 4, 0],
    [0, 0, 0],
  ]);
  expect(intervals).toEqual({
    beats: 15,
    correct: 12,
    accuracy: wilsonInterval(12, 15),
    perClass: [
      { correct: 8, predicted: 9, sensitivityInterval: wilsonInterval(8, 10), ppvInterval: wilsonInterval(8, 9) },
      { correct: 4, predicted: 6, sensitivityInterval: wilsonInterval(4, 5), ppvInterval: wilsonInterval(4, 6) },
      { correct: 0, predicted: 0, sensitivityInterval: null, ppvInterval: null },
    ],
  });
});
