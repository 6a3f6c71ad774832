import { expect, it } from "vitest";
import { snapReach, snapToPeak } from "./snap-to-peak.ts";

const RATE = 250;
/** A lead at a level, with a peak of a height at a sample. */
const lead = (level: number, at: number, height: number): Float32Array =>
  Float32Array.from({ length: 2 * snapReach(RATE) + 1 }, (_, i) => level + height * Math.exp(-(((i - at) / 3) ** 2)));

it("goes to the peak within 100 ms, whatever its direction and the level", () => {
  const from = 1000;
  expect(snapToPeak({ signals: [lead(5, 70, 1)], from, rate: RATE }, 1062)).toBe(1070);
  expect(snapToPeak({ signals: [lead(-3, 50, -1)], from, rate: RATE }, 1062)).toBe(1050);
});

it("sums over all leads, and ignores missing samples", () => {
  const missing = lead(0, 50, 1).fill(Number.NaN);
  expect(snapToPeak({ signals: [lead(0, 50, 0.1), lead(0, 70, 1), missing], from: 0, rate: RATE }, 62)).toBe(70);
});

it("stays at the click where the signal is flat", () => {
  expect(snapToPeak({ signals: [lead(1, 0, 0)], from: 0, rate: RATE }, 62)).toBe(62);
});
