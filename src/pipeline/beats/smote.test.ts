import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { drawRecipe, emptyRecipe, interpolateBeat, type SmoteRecipe } from "./smote.ts";

const parents = {
  label: "V",
  members: Uint32Array.of(10, 20, 30),
  neighbours: Int32Array.of(1, 2, 0, 2, 0, 1),
  k: 2,
};

function draw(count: number, seed: number): SmoteRecipe {
  const recipe = emptyRecipe(count);
  drawRecipe(parents, recipe, { from: 0, count }, seed);
  return recipe;
}

describe("drawRecipe", () => {
  it("draws pairs of a beat and a neighbour of it equally often, within five standard errors", () => {
    const n = 60_000;
    const { base, neighbour } = draw(n, 1);
    const counts = new Map<string, number>();
    base.forEach((row, i) => counts.set(`${row} ${neighbour[i]}`, (counts.get(`${row} ${neighbour[i]}`) ?? 0) + 1));
    expect([...counts.keys()].sort()).toEqual(["10 20", "10 30", "20 10", "20 30", "30 10", "30 20"]);
    for (const count of counts.values()) expect(Math.abs(count - n / 6)).toBeLessThan(5 * Math.sqrt((n * 5) / 36));
  });

  it("draws λ uniformly in [0, 1): mean 1/2 within five standard errors", () => {
    const { lambda } = draw(60_000, 2);
    expect(lambda.every((value) => value >= 0 && value < 1)).toBe(true);
    const mean = lambda.reduce((a, b) => a + b) / lambda.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / lambda.length));
  });

  it("depends on seed and class alone, not on where it is written or what came before", () => {
    const alone = draw(50, 3);
    const after = emptyRecipe(70);
    drawRecipe({ ...parents, label: "A" }, after, { from: 0, count: 20 }, 3);
    drawRecipe(parents, after, { from: 20, count: 50 }, 3);
    expect(after.base.subarray(20)).toEqual(alone.base);
    expect(after.lambda.subarray(20)).toEqual(alone.lambda);
    expect(after.lambda.subarray(0, 20)).not.toEqual(alone.lambda.subarray(0, 20));
    expect(draw(50, 4).lambda).not.toEqual(alone.lambda);
  });

  it("copies a class of one beat", () => {
    const recipe = emptyRecipe(4);
    drawRecipe(
      { label: "S", members: Uint32Array.of(7), neighbours: new Int32Array(0), k: 0 },
      recipe,
      { from: 0, count: 4 },
      1,
    );
    expect([...recipe.base, ...recipe.neighbour]).toEqual(Array(8).fill(7));
  });
});

describe("interpolateBeat", () => {
  it("gives a + λ(b − a): a quarter of the way from 1 to 3 is 1.5", () => {
    const recipe = { base: Uint32Array.of(0), neighbour: Uint32Array.of(1), lambda: Float32Array.of(0.25) };
    const out = new Float32Array(4).fill(9);
    interpolateBeat(Float32Array.of(1, 0, 3, -8), recipe, 0, out.subarray(1, 3));
    expect([...out]).toEqual([9, 1.5, -2, 9]);
  });

  it("makes the points that imbalanced-learn makes", () => {
    // Made by tests/golden/make-smote.py.
    const golden = JSON.parse(readFileSync(new URL("../../../tests/golden/smote.json", import.meta.url), "utf8")) as {
      interpolation: { length: number } & Record<"values" | "base" | "neighbour" | "lambda" | "points", number[]>;
    };
    const { length, values, base, neighbour, lambda, points } = golden.interpolation;
    const recipe = {
      base: Uint32Array.from(base),
      neighbour: Uint32Array.from(neighbour),
      lambda: Float32Array.from(lambda),
    };
    const out = new Float32Array(points.length);
    for (let row = 0; row < base.length; row++)
      interpolateBeat(Float32Array.from(values), recipe, row, out.subarray(row * length, (row + 1) * length));
    // imbalanced-learn takes the difference in float32: values up to 4 are rounded by 2⁻²³ at most, here and there.
    out.forEach((value, i) => expect(Math.abs(value - points[i])).toBeLessThanOrEqual(2 ** -21));
  });
});
