import { expect, it } from "vitest";
import { UNSURE_FLAG } from "../../../../contract/domain/annotation-sets.ts";
import { REVIEWED_FLAG, type Label } from "../../../../contract/domain/labels.ts";
import {
  beatNear,
  beatsToReview,
  chosenBeats,
  columnsOf,
  nextPlace,
  nextQueued,
  PICKED_QUEUE,
  samplesOf,
  updatedColumns,
} from "./review-beats.ts";

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

it("chooses all beats between two, in either direction, and no rhythm changes", () => {
  expect([...samplesOf(beats)]).toEqual([100, 200, 300, 400]);
  expect([...samplesOf(chosenBeats(beats, { anchor: 300, head: 200 }))]).toEqual([200, 300]);
});

it("finds the next beat of a queue: unreviewed, unsure, of a class, or selected", () => {
  const next = (queue: string, sample: number, by: 1 | -1) =>
    nextQueued(beats, { queue, picked: new Set([100, 300, 555]) }, sample, by)?.sample;
  expect(next("unreviewed", 0, 1)).toBe(200);
  expect(next("unreviewed", 400, -1)).toBe(300);
  // An unsure beat that was reviewed waits no longer.
  expect(next("unsure", 200, 1)).toBeUndefined();
  expect(next("N", 100, 1)).toBe(300);
  expect([next(PICKED_QUEUE, 0, 1), next(PICKED_QUEUE, 100, 1), next(PICKED_QUEUE, 300, 1)]).toEqual([
    100,
    300,
    undefined,
  ]);
  expect(next(PICKED_QUEUE, 300, -1)).toBe(100);
  const rest = { queue: "unreviewed", picked: new Set<number>(), without: new Set([200]) };
  expect(nextQueued(beats, rest, 0, 1)?.sample).toBe(300);
});

it("finds the next place of a list, in both directions", () => {
  const places = Uint32Array.of(50, 150, 250);
  expect([nextPlace(places, 150, 1), nextPlace(places, 150, -1), nextPlace(places, 250, 1)]).toEqual([
    250,
    50,
    undefined,
  ]);
});

it("keeps the samples of the beats while only labels change", () => {
  const samples = samplesOf(beats);
  expect(samplesOf([label(100, "V"), ...beats.slice(1)], samples)).toBe(samples);
  expect([...samplesOf(beats.slice(1), samples)]).toEqual([200, 300, 400]);
  expect([...samplesOf([label(101, "N"), ...beats.slice(1)], samples)]).toEqual([101, 200, 300, 400]);
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

it("updates the columns of changed labels as if all were made again", () => {
  const after = labels.map((each) =>
    each.sample === 300 ? { ...each, symbol: "V", flags: REVIEWED_FLAG, probability: null } : each,
  );
  const before = columnsOf(labels);
  expect(updatedColumns(before, after, Int32Array.of(300))).toEqual(columnsOf(after));
  expect(before).toEqual(columnsOf(labels));
});
