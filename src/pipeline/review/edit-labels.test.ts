import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyChanges, compareLabels, REVIEWED_FLAG, type Label } from "../../contract/domain/labels.ts";
import { reviewRhythms, type Edit } from "../../contract/domain/reviews.ts";
import { findEpisodes } from "../rhythm/episodes.ts";
import { changesOf } from "./edit-labels.ts";

const label = (sample: number, symbol: string, rest: Partial<Label> = {}): Label => ({
  sample,
  symbol,
  subtype: 0,
  text: "",
  flags: 0,
  probability: null,
  ...rest,
});
/** A flag of a classification. */
const UNSURE_FLAG = 1;
const LENGTH = 1000;
const edited = (labels: readonly Label[], edit: Edit): Label[] =>
  applyChanges(labels, changesOf(edit, { labels, length: LENGTH, leads: 2 }));
const beats = [
  label(100, "N", { probability: 0.6, flags: UNSURE_FLAG }),
  label(200, "V", { probability: 0.9 }),
  label(300, "N"),
];

describe("beats", () => {
  it("relabels several, which are reviewed from then on and lose the model's probability", () => {
    expect(edited(beats, { kind: "relabel", beats: [100, 300], symbol: "S" })).toEqual([
      label(100, "S", { flags: REVIEWED_FLAG }),
      beats[1],
      label(300, "S", { flags: REVIEWED_FLAG }),
    ]);
  });

  it("confirms a beat, which keeps its probability and flags", () => {
    expect(edited(beats, { kind: "confirm", beats: [100] })[0]).toEqual({
      ...beats[0],
      flags: UNSURE_FLAG | REVIEWED_FLAG,
    });
  });

  it("adds, deletes and moves", () => {
    expect(edited(beats, { kind: "add", sample: 150, symbol: "A" })[1]).toEqual(
      label(150, "A", { flags: REVIEWED_FLAG }),
    );
    expect(edited(beats, { kind: "delete", beats: [200] })).toEqual([beats[0], beats[2]]);
    expect(edited(beats, { kind: "move", beat: 200, to: 350 })[2]).toEqual(label(350, "V", { flags: REVIEWED_FLAG }));
  });

  it("refuses a second beat at one time, a time after the end, and a beat that does not exist", () => {
    expect(() => edited(beats, { kind: "add", sample: 200, symbol: "N" })).toThrow(/a beat at sample 200/);
    expect(() => edited(beats, { kind: "move", beat: 100, to: 300 })).toThrow(/a beat at sample 300/);
    expect(() => edited(beats, { kind: "add", sample: LENGTH, symbol: "N" })).toThrow(/outside/);
    expect(() => edited(beats, { kind: "delete", beats: [101] })).toThrow(/no beat at sample 101/);
  });

  it("changes nothing where a beat has the label and was reviewed", () => {
    const once = edited(beats, { kind: "relabel", beats: [300], symbol: "N" });
    expect(
      changesOf({ kind: "relabel", beats: [300], symbol: "N" }, { labels: once, length: LENGTH, leads: 1 }),
    ).toEqual([]);
  });
});

describe("stretches", () => {
  const episodesOf = (labels: readonly Label[]) =>
    findEpisodes({
      annotations: labels.map(({ text, ...rest }) => ({ ...rest, channel: 0, num: 0, aux: text })),
      length: LENGTH,
      rate: 100,
      leads: 2,
    }).map(({ code, from, to }) => [code, from, to]);

  it("marks a rhythm within another, which continues after it", () => {
    const labels = [label(0, "+", { text: "(N" }), ...beats];
    const marked = edited(labels, { kind: "rhythm", from: 250, to: 400, code: "AFIB" });
    expect(episodesOf(marked)).toEqual([
      ["N", 0, 250],
      ["AFIB", 250, 400],
      ["N", 400, LENGTH],
    ]);
  });

  it("ends a rhythm where none was known before", () => {
    expect(episodesOf(edited(beats, { kind: "rhythm", from: 250, to: 400, code: "AFL" }))).toEqual([["AFL", 250, 400]]);
  });

  it("joins stretches of one rhythm, and removes a rhythm", () => {
    const first = edited(beats, { kind: "rhythm", from: 100, to: 200, code: "VT" });
    const joined = edited(first, { kind: "rhythm", from: 200, to: 300, code: "VT" });
    expect(episodesOf(joined)).toEqual([["VT", 100, 300]]);
    expect(episodesOf(edited(joined, { kind: "rhythm", from: 0, to: LENGTH, code: "" }))).toEqual([]);
  });

  it("bounds ventricular flutter by brackets, so that its intervals are no pauses", () => {
    const marked = edited(beats, { kind: "rhythm", from: 250, to: 400, code: "VFL" });
    expect(marked.filter(({ symbol }) => "[]".includes(symbol)).map(({ sample, symbol }) => [sample, symbol])).toEqual([
      [250, "["],
      [400, "]"],
    ]);
    const shorter = edited(marked, { kind: "rhythm", from: 300, to: 400, code: "N" });
    expect(episodesOf(shorter)).toEqual([
      ["VFL", 250, 300],
      ["N", 300, 400],
    ]);
  });

  it("marks noise in all leads, and cleans a part of it", () => {
    const noisy = edited(beats, { kind: "noise", from: 100, to: 500, clean: false });
    expect(episodesOf(noisy)).toEqual([["n", 100, 500]]);
    expect(episodesOf(edited(noisy, { kind: "noise", from: 200, to: 300, clean: true }))).toEqual([
      ["n", 100, 200],
      ["n", 300, 500],
    ]);
  });

  it("refuses an empty stretch, and one after the end", () => {
    expect(() => edited(beats, { kind: "noise", from: 5, to: 5, clean: false })).toThrow(/empty/);
    expect(() => edited(beats, { kind: "rhythm", from: LENGTH, to: LENGTH + 1, code: "N" })).toThrow(/outside/);
  });

  it("gives each sample the rhythm that was marked last, whatever the order of the marks", () => {
    const mark = fc.record({
      from: fc.nat(LENGTH - 2),
      length: fc.integer({ min: 1, max: 400 }),
      code: fc.constantFrom(...reviewRhythms, ""),
    });
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 20 }), (marks) => {
        const expected = new Array<string>(LENGTH).fill("");
        let labels: Label[] = [];
        for (const { from, length, code } of marks) {
          const to = Math.min(LENGTH, from + length);
          expected.fill(code, from, to);
          labels = edited(labels, { kind: "rhythm", from, to, code });
        }
        const found = new Array<string>(LENGTH).fill("");
        for (const [code, from, to] of episodesOf(labels)) found.fill(String(code), Number(from), Number(to));
        expect(found).toEqual(expected);
        expect(labels).toEqual(labels.toSorted(compareLabels));
      }),
      { numRuns: 200, seed: 19 },
    );
  });
});
