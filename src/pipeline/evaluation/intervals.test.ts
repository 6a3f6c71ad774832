import { expect, it } from "vitest";
import { evaluationIntervals } from "./intervals.ts";
import { wilsonInterval } from "./wilson.ts";

it("computes sensitivity by row, PPV by column, specificity by the other rows, accuracy by the diagonal", () => {
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
      {
        correct: 8,
        predicted: 9,
        sensitivityInterval: wilsonInterval(8, 10),
        ppvInterval: wilsonInterval(8, 9),
        specificity: 4 / 5,
        specificityInterval: wilsonInterval(4, 5),
      },
      {
        correct: 4,
        predicted: 6,
        sensitivityInterval: wilsonInterval(4, 5),
        ppvInterval: wilsonInterval(4, 6),
        specificity: 8 / 10,
        specificityInterval: wilsonInterval(8, 10),
      },
      {
        correct: 0,
        predicted: 0,
        sensitivityInterval: null,
        ppvInterval: null,
        specificity: 1,
        specificityInterval: wilsonInterval(15, 15),
      },
    ],
  });
});

it("has no specificity where every beat is of the class", () => {
  const [only] = evaluationIntervals([
    [8, 2],
    [0, 0],
  ]).perClass;
  expect([only.specificity, only.specificityInterval]).toEqual([null, null]);
});
