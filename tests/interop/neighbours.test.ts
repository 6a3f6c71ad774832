/** Compares nearest neighbours with live scikit-learn: the same sets for all data. ECTOPY_PYTHON names the Python. */
import { beforeAll, describe, expect, it } from "vitest";
import { planNeighbours } from "../../src/pipeline/beats/neighbour-plan.ts";
import { findNeighbours } from "../../src/pipeline/beats/neighbours.ts";
import { randomStream } from "../../src/pipeline/random.ts";
import { askPython, python } from "../support/python.ts";

/**
 * Reads cases of {length, k, values}; writes the neighbours of each row of each case. Without a query, scikit-learn
 * leaves the row itself out.
 */
const SCRIPT = `
import json, sys
import numpy as np
from sklearn.neighbors import NearestNeighbors
answers = []
for case in json.load(sys.stdin):
    values = np.array(case["values"], "f4").reshape(-1, case["length"])
    found = NearestNeighbors(n_neighbors=case["k"]).fit(values).kneighbors(return_distance=False)
    answers.append(found.ravel().tolist())
json.dump(answers, sys.stdout)
`;

const random = randomStream(2026, "interop");
const normals = (length: number): number[] => Array.from({ length }, () => random.normal());
const rows = (count: number, row: (i: number) => number[]): number[] =>
  Array.from({ length: count }, (_, i) => row(i)).flat();

/** Four bumps of random height, and a little noise: few principal directions, as in filtered beats. */
function beatLike(length: number): number[] {
  const heights = normals(4);
  return Array.from({ length }, (_, t) => {
    const bumps = heights.map((height, bump) => height * Math.exp(-(((t / length - 0.2 * (bump + 1)) / 0.05) ** 2)));
    return bumps.reduce((a, b) => a + b, 0.01 * random.normal());
  });
}

const cases = [
  { name: "random", length: 40, k: 5, values: rows(600, () => normals(40)) },
  { name: "beat-like", length: 360, k: 5, values: rows(1000, () => beatLike(360)) },
  { name: "a hundred neighbours", length: 90, k: 100, values: rows(300, () => beatLike(90)) },
  {
    name: "distant clusters",
    length: 30,
    k: 5,
    values: rows(500, (i) => normals(30).map((value) => 0.1 * value + 100 * (i % 7))),
  },
  { name: "small integers, with ties", length: 6, k: 5, values: rows(500, () => normals(6).map(Math.round)) },
  {
    name: "every beat twice",
    length: 60,
    k: 3,
    values: [1, 2].flatMap(() => rows(100, (i) => [i, 1, ...Array<number>(58).fill(2)])),
  },
  { name: "two beats", length: 360, k: 1, values: rows(2, () => beatLike(360)) },
].map(({ values, ...rest }) => ({ ...rest, values: Float32Array.from(values) }));

/** scikit-learn's neighbours of each case, by one process: it takes longer to start than to answer. */
let answers: number[][];
beforeAll(async () => {
  if (python === undefined) return;
  answers = await askPython(
    SCRIPT,
    cases.map(({ length, k, values }) => ({ length, k, values: [...values] })),
  );
});

describe("findNeighbours equals scikit-learn's NearestNeighbors", () => {
  it.for(cases.map((each, i) => ({ ...each, i })))("$name", ({ length, k, values, i }, ctx) => {
    if (python === undefined) return ctx.skip("ECTOPY_PYTHON names no Python with scikit-learn");
    const count = values.length / length;
    const expected = answers[i];
    const plan = planNeighbours(
      values,
      length,
      Uint32Array.from({ length: count }, (_, i) => i),
    );
    const found = findNeighbours(plan, 0, count, k);

    const distance = (a: number, b: number): number =>
      Math.hypot(...Array.from({ length }, (_, t) => values[a * length + t] - values[b * length + t]));
    const longest = Math.max(
      ...Array.from({ length: count }, (_, row) => Math.hypot(...values.subarray(row * length, (row + 1) * length))),
    );
    for (let row = 0; row < count; row++) {
      const ours = [...found.subarray(row * k, (row + 1) * k)];
      const theirs = expected.slice(row * k, (row + 1) * k);
      expect(ours).not.toContain(row);
      expect(new Set(ours).size).toBe(k);
      // Either of two equally distant neighbours is valid: those that only one side has must be as distant as the other
      // side's.
      const mine = ours.filter((member) => !theirs.includes(member)).map((member) => distance(row, member));
      const other = theirs.filter((member) => !ours.includes(member)).map((member) => distance(row, member));
      // scikit-learn computes |a|² − 2ab + |b|² in float64: a distance near 0 has an error of √2⁻⁵² of the longest
      // beat, doubled.
      mine
        .sort((a, b) => a - b)
        .forEach((d, i) => expect(Math.abs(d - other.sort((a, b) => a - b)[i])).toBeLessThan(longest * 2 ** -25));
    }
  });
});
