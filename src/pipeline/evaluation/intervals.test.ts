import { expect, it } from "vitest";
import { evaluationIntervals } from "./intervals.ts";
import { wilsonInterval } from "./wilson.ts";

it("takes sensitivity along the row, positive predictivity along the column, accuracy along the diagonal", () => {
  const intervals = evaluationIntervals([
    [8, 2, 0],
    [1, 4, 0],
    [0, 0, 0],
  ]);
  expect(intervals).toEqual({
    beats: 15,
    right: 12,
    accuracy: wilsonInterval(12, 15),
    perClass: [
      { right: 8, predicted: 9, sensitivity: wilsonInterval(8, 10), positivePredictivity: wilsonInterval(8, 9) },
      { right: 4, predicted: 6, sensitivity: wilsonInterval(4, 5), positivePredictivity: wilsonInterval(4, 6) },
      { right: 0, predicted: 0, sensitivity: null, positivePredictivity: null },
    ],
  });
});
