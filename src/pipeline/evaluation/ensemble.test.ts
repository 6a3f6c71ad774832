import { expect, it } from "vitest";
import { ensembleProbabilities } from "./ensemble.ts";

it("averages the probabilities of each beat and class", () => {
  const [a, b] = [Float32Array.of(0.75, 0.25, 0, 1), Float32Array.of(0.25, 0.75, 0.5, 0.5)];
  expect([...ensembleProbabilities([a, b])]).toEqual([0.5, 0.5, 0.25, 0.75]);
  expect([...ensembleProbabilities([a])]).toEqual([...a]);
});

it("refuses no members, and members of other beats", () => {
  expect(() => ensembleProbabilities([])).toThrow("at least one member");
  expect(() => ensembleProbabilities([new Float32Array(4), new Float32Array(6)])).toThrow("different beats or classes");
});
