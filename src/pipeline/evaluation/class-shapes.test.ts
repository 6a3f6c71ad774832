import { describe, expect, it } from "vitest";
import { classShapes, CLOSEST_BEATS } from "./class-shapes.ts";

/** Six beats of two samples: 0 to 2 of class 0, 3 and 4 of class 1, 5 of class 0 predicted as 2, which has no beat. */
const values = Float32Array.of(0, 0, 2, 4, 4, 8, 10, 10, 12, 14, 1, 1);
const given = {
  values,
  length: 2,
  examples: Uint32Array.of(3, 0, 4, 1, 2, 5),
  truth: Uint8Array.of(1, 0, 1, 0, 0, 0),
  predicted: Uint8Array.of(1, 0, 1, 1, 1, 2),
  classes: 3,
};

describe("classShapes", () => {
  it("gives mean and standard deviation of each class", () => {
    const { classes, synthetic } = classShapes(given);
    expect(synthetic).toBe(0);
    expect(classes.map(({ beats }) => beats)).toEqual([4, 2, 0]);
    expect([...classes[1].mean]).toEqual([11, 12]);
    // Deviations −1 and 1 of two beats: √2; −2 and 2: √8.
    expect(classes[1].sd[0]).toBeCloseTo(Math.SQRT2, 6);
    expect(classes[1].sd[1]).toBeCloseTo(Math.sqrt(8), 6);
    expect(classes[2].mean).toHaveLength(0);
  });

  it("gives the mean of confused beats with its distances, and the beats closest to the predicted class", () => {
    const { confusions } = classShapes(given);
    expect(confusions.map(({ truth, predicted, beats }) => [truth, predicted, beats])).toEqual([
      [0, 1, 2],
      [0, 2, 1],
    ]);
    const [taken] = confusions;
    expect([...taken.mean]).toEqual([3, 6]);
    // The mean of class 0 is (1.75, 3.25), of class 1 (11, 12).
    expect(taken.distances.truth).toBeCloseTo(Math.hypot(1.25, 2.75) / Math.SQRT2, 6);
    expect(taken.distances.predicted).toBeCloseTo(10 / Math.SQRT2, 6);
    // Beat 2 (4, 8), which is the second by time, is closer to class 1 than beat 1 (2, 4).
    expect(taken.closest.map(({ number, place }) => [number, place])).toEqual([
      [4, 1],
      [3, 0],
    ]);
  });

  it("has no distance from a class without test beats", () => {
    const { confusions } = classShapes(given);
    expect(confusions[1].distances.predicted).toBeNull();
    expect(confusions[1].closest.map(({ number }) => number)).toEqual([5]);
  });

  it("leaves out synthetic beats, and lists few of many confused ones", () => {
    const count = CLOSEST_BEATS + 4;
    const examples = Uint32Array.from({ length: count }, (_, i) => i);
    const many = classShapes({
      values: Float32Array.from({ length: 2 * (count - 1) }, (_, i) => i),
      length: 2,
      examples,
      truth: new Uint8Array(count),
      predicted: new Uint8Array(count).fill(1),
      classes: 2,
    });
    expect(many.synthetic).toBe(1);
    expect(many.confusions[0].beats).toBe(count - 1);
    expect(many.confusions[0].closest).toHaveLength(CLOSEST_BEATS);
  });
});
