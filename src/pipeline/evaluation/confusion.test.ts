import { describe, expect, it } from "vitest";
import { confusionMatrix, predictedClasses } from "./confusion.ts";

describe("confusionMatrix", () => {
  it("counts true classes by row and predicted classes by column", () => {
    const matrix = confusionMatrix([0, 0, 1, 2, 2, 2], [0, 1, 1, 0, 2, 2], 3);
    expect(matrix).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [1, 0, 2],
    ]);
    expect(confusionMatrix([], [], 1)).toEqual([[0]]);
  });

  it("refuses different lengths and classes out of range", () => {
    expect(() => confusionMatrix([0], [], 1)).toThrow(RangeError);
    expect(() => confusionMatrix([2], [0], 2)).toThrow(RangeError);
    expect(() => confusionMatrix([0], [2], 2)).toThrow(RangeError);
  });
});

describe("predictedClasses", () => {
  it("returns the most probable class, of equal ones the first", () => {
    const probabilities = Float32Array.of(0.1, 0.7, 0.2, 0.4, 0.2, 0.4);
    expect([...predictedClasses(probabilities, 3)]).toEqual([1, 0]);
  });
});
