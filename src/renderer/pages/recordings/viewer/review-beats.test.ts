import { expect, it } from "vitest";
import { UNSURE_FLAG } from "../../../../contract/domain/annotation-sets.ts";
import { REVIEWED_FLAG, type Label } from "../../../../contract/domain/labels.ts";
import { beatNear, beatsToReview, chosenBeats, columnsOf, nextQueued } from "./review-beats.ts";

const label = (sample: number, symbol: string, flags = 0): Label => ({
  sample,
  symbol,
  flags,
  subtype: 0,
  text: "",
  probability: null,
});
const labels = [
  label(10, "+"),
  label(100, "N", REVIEWED_FLAG),
  label(200, "V", UNSURE_FLAG),
  label(300, "N"),
  label(400, "|", UNSURE_FLAG | REVIEWED_FLAG),
];
const beats = beatsToReview(labels);
const samplesOf = (found: readonly Label[]): number[] => found.map(({ sample }) => sample);

it("chooses all beats between two, in either direction, and no rhythm changes", () => {
  expect(samplesOf(beats)).toEqual([100, 200, 300, 400]);
  expect(samplesOf(chosenBeats(beats, { anchor: 300, head: 200 }))).toEqual([200, 300]);
});

it("finds the next beat of a queue: unreviewed, unsure, or of a class", () => {
  expect(nextQueued(beats, "unreviewed", 0, 1)?.sample).toBe(200);
  expect(nextQueued(beats, "unreviewed", 400, -1)?.sample).toBe(300);
  // An unsure beat that was reviewed waits no longer.
  expect(nextQueued(beats, "unsure", 200, 1)).toBeUndefined();
  expect(nextQueued(beats, "N", 100, 1)?.sample).toBe(300);
});

it("finds the nearest beat within a distance", () => {
  expect(beatNear(beats, 240, 50)?.sample).toBe(200);
  expect(beatNear(beats, 250, 20)).toBeUndefined();
});

it("draws flags and symbols of the labels", () => {
  const { symbols, beats: isBeat, flags } = columnsOf(labels);
  expect(symbols.join("")).toBe("+NVN|");
  expect([...isBeat]).toEqual([0, 1, 1, 1, 0]);
  expect(flags?.[2]).toBe(UNSURE_FLAG);
});
