import { describe, expect, it } from "vitest";
import { randomStream } from "../random.ts";
import { distances, fitNovelty, NOVELTY_QUANTILE, type HiddenRows } from "./novelty.ts";

const WIDTH = 3;

/** Beats of two classes around (0, 0, 5) and (10, 0, 5); the last output never varies. */
function rows(count: number, stream: string): HiddenRows & { classes: number[] } {
  const random = randomStream(1, stream);
  const classes = Array.from({ length: count }, (_, row) => row % 2);
  const values = Float32Array.from(classes.flatMap((number) => [10 * number + random.uniform(), random.uniform(), 5]));
  return { values, width: WIDTH, classes };
}

describe("distance from the training beats", () => {
  const training = rows(1000, "training");
  const validation = rows(1000, "validation");
  const reference = fitNovelty(training, training.classes, validation);

  it("has the chosen share of the validation beats below its threshold", () => {
    const near = distances(validation, reference).filter((distance) => distance <= reference.threshold);
    expect(near.length / 1000).toBeCloseTo(NOVELTY_QUANTILE, 2);
  });

  it("is far between the classes, and where an output differs that never varied in training", () => {
    const far = distances({ values: Float32Array.from([5, 0.5, 5, 0.5, 0.5, 7]), width: WIDTH }, reference);
    expect(Math.min(...far)).toBeGreaterThan(3 * reference.threshold);
  });

  it("is far where outputs are possible each alone, but not together", () => {
    const random = randomStream(2, "correlated");
    const line = Float32Array.from({ length: 500 }, () => random.normal()).reduce<number[]>(
      (all, x) => [...all, x, x],
      [],
    );
    const correlated = { values: Float32Array.from(line), width: 2 };
    const fitted = fitNovelty(correlated, new Uint8Array(500), correlated);
    const [along, across] = distances({ values: Float32Array.of(1, 1, 1, -1), width: 2 }, fitted);
    expect(along).toBeLessThan(fitted.threshold);
    expect(across).toBeGreaterThan(3 * fitted.threshold);
  });

  it("uses a diagonal covariance for a wide layer", () => {
    const width = 300;
    const random = randomStream(3, "wide");
    const wide = { values: Float32Array.from({ length: 50 * width }, () => random.normal()), width };
    const fitted = fitNovelty(wide, new Uint8Array(50), wide);
    expect(fitted.whitening).toHaveLength(width);
    const [far] = distances({ values: new Float32Array(width).fill(4), width }, fitted);
    expect(far).toBeGreaterThan(fitted.threshold);
  });

  it("is far for no beat where all outputs of all training beats are equal to those of the others", () => {
    const flat = { values: new Float32Array(12).fill(2), width: WIDTH };
    const fitted = fitNovelty(flat, [0, 0, 1, 1], flat);
    expect([...distances(flat, fitted)].every((distance) => distance <= fitted.threshold)).toBe(true);
  });
});
