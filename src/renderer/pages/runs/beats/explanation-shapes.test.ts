import { expect, it } from "vitest";
import { bars, largestFeatures, shades, signedText, strip } from "./explanation-shapes.ts";

it("shades each sample around its place, by the share of the largest contribution", () => {
  expect(shades(Float32Array.of(2, 0, -1), 100, 4)).toEqual([
    { x: -25, width: 50, isFor: true, strength: 0.375 },
    { x: 75, width: 50, isFor: false, strength: 0.1875 },
  ]);
  expect(shades(Float32Array.of(0, 0), 100, 0)).toEqual([]);
});

it("draws the visible part of a map", () => {
  expect(strip(Float32Array.of(0, 1, 0.01), 100)).toEqual([{ x: 25, width: 50, strength: 1 }]);
});

it("orders features by the size of their contributions", () => {
  const found = largestFeatures({ names: ["a", "b", "c"], contributions: Float32Array.of(1, -4, 2) }, 2);
  expect(found.map(({ name, isFor, strength }) => [name, isFor, strength])).toEqual([
    ["b", false, 1],
    ["c", true, 0.5],
  ]);
  expect(bars(new Float32Array(1))).toEqual([{ value: 0, isFor: false, strength: 0 }]);
});

it("writes signs, but not that of 0", () => {
  expect([signedText(1.234), signedText(-0.5), signedText(-0.001), signedText(3, 0)]).toEqual([
    "+1.23",
    "−0.50",
    "0.00",
    "+3",
  ]);
});
