import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";
import { countClasses, firstFrom, nearestBeat, nextBeat, positionOfBeat, remarkOf, rhythmsOf } from "./beats.ts";

/** `+` is a rhythm change; all others are beats. */
function annotations(...entries: [sample: number, symbol: string, text?: string][]): AnnotationColumns {
  return {
    samples: Uint32Array.from(entries, ([sample]) => sample),
    symbols: entries.map(([, symbol]) => symbol),
    beats: Uint8Array.from(entries, ([, symbol]) => (symbol === "+" ? 0 : 1)),
    texts: entries.map(([, , text = ""]) => text),
  };
}

const record = annotations(
  [10, "+", "(N"],
  [100, "N"],
  [400, "V"],
  [700, "N"],
  [800, "+", "(AFIB\0"],
  [1000, "N"],
  [1200, "V"],
);

describe("beats of a recording", () => {
  it("are found in both directions, of any type or of one", () => {
    expect(nextBeat(record, { index: 1 }, 1, "")).toBe(2);
    expect(nextBeat(record, { index: 3 }, 1, "")).toBe(5);
    expect(nextBeat(record, { index: 2 }, 1, "V")).toBe(6);
    expect(nextBeat(record, { index: 6 }, 1, "V")).toBeNull();
    expect(nextBeat(record, { index: 6 }, -1, "V")).toBe(2);
    expect(nextBeat(record, { index: 1 }, -1, "")).toBeNull();
    expect(nextBeat(record, { sample: 400 }, 1, "")).toBe(2);
    expect(nextBeat(record, { sample: 401 }, -1, "")).toBe(2);
    expect(nextBeat(record, { sample: 400 }, -1, "")).toBe(1);
    expect(nextBeat(record, { sample: 0 }, 1, "A")).toBeNull();
  });

  it("are found near a sample, within the limit", () => {
    expect(nearestBeat(record, 690, 54)).toBe(3);
    expect(nearestBeat(record, 540, 54)).toBeNull();
    expect(nearestBeat(record, 805, 1000)).toBe(3);
    expect(nearestBeat(annotations(), 5, 100)).toBeNull();
  });

  it("have a number in their type, and intervals to their neighbours", () => {
    expect(positionOfBeat(record, 3)).toEqual({ symbol: "N", sample: 700, number: 2, of: 3, before: 300, after: 300 });
    expect(positionOfBeat(record, 1)).toMatchObject({ number: 1, before: null, after: 300 });
    expect(positionOfBeat(record, 6)).toMatchObject({ symbol: "V", number: 2, of: 2, before: 200, after: null });
  });

  it("are counted by type, the most frequent first, beside the rhythms", () => {
    expect(countClasses(record)).toEqual([
      { symbol: "N", beats: 3 },
      { symbol: "V", beats: 2 },
    ]);
    expect(rhythmsOf(record)).toEqual([
      { sample: 10, name: "N" },
      { sample: 800, name: "AFIB" },
    ]);
  });

  it("are distinguished from remarks, which have texts", () => {
    expect([remarkOf("~", ""), remarkOf('"', "PSE\0"), remarkOf("?", "")]).toEqual(["signal quality", "PSE", "?"]);
  });

  it("are found by binary search as by linear search", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 50 }), fc.nat(1100), (values, sample) => {
        const samples = Uint32Array.from(values.sort((a, b) => a - b));
        const found = samples.findIndex((value) => value >= sample);
        expect(firstFrom(samples, sample)).toBe(found === -1 ? samples.length : found);
      }),
    );
  });
});
