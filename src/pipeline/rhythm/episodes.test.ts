import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Annotation } from "../../contract/domain/recordings.ts";
import { findEpisodes, flutterRanges } from "./episodes.ts";

type Entry = [sample: number, symbol: string, detail?: string | number];

/** A detail is a text, or the subtype. */
function recording(entries: readonly Entry[], length = 10_000) {
  const annotations = entries.map(([sample, symbol, detail = ""]): Annotation => {
    const [aux, subtype] = typeof detail === "string" ? [detail, 0] : ["", detail];
    return { sample, symbol, subtype, channel: 0, num: 0, aux };
  });
  return { annotations, length, rate: 100, leads: 2 };
}
const rhythms = (entries: readonly Entry[]): string[] =>
  findEpisodes(recording(entries)).map(({ code, from, to }) => `${code} ${from} ${to}`);

describe("rhythm episodes", () => {
  it("last until the next change of rhythm, or until the end", () => {
    expect(
      rhythms([
        [10, "+", "(N\0"],
        [500, "N"],
        [800, "+", "(AFIB"],
      ]),
    ).toEqual(["N 10 800", "AFIB 800 10000"]);
  });

  it("of ventricular flutter are found where only brackets mark them", () => {
    const marked: Entry[] = [
      [0, "+", "(N"],
      [300, "["],
      [340, "!"],
      [380, "!"],
      [420, "]"],
    ];
    expect(rhythms(marked)).toEqual(["N 0 300", "VFL 300 420", "N 420 10000"]);
  });

  it("of ventricular flutter are not doubled where a change of rhythm names them", () => {
    const marked: Entry[] = [
      [0, "+", "(N"],
      [300, "["],
      [310, "+", "(VFL"],
      [420, "]"],
      [430, "+", "(N"],
    ];
    expect(rhythms(marked)).toEqual(["N 0 310", "VFL 310 430", "N 430 10000"]);
  });

  it("of ventricular flutter are found where only its waves are marked", () => {
    const waves: Entry[] = [
      [300, "!"],
      [340, "!"],
      [900, "!"],
      [930, "!"],
    ];
    expect(flutterRanges(recording(waves))).toEqual([
      { from: 300, to: 341 },
      { from: 900, to: 931 },
    ]);
  });

  it("cover each sample once", () => {
    const symbols = fc.constantFrom("+", "[", "]", "!", "N");
    const entries = fc.array(fc.tuple(fc.nat(999), symbols, fc.constantFrom("(N", "(VFL", "(VT")), { maxLength: 40 });
    fc.assert(
      fc.property(entries, (list) => {
        const sorted = list.sort((a, b) => a[0] - b[0]);
        const found = findEpisodes(recording(sorted, 1000));
        expect(found.every(({ from, to }) => from < to && to <= 1000)).toBe(true);
        for (let i = 1; i < found.length; i++) expect(found[i].from).toBeGreaterThanOrEqual(found[i - 1].to);
      }),
    );
  });
});

describe("noise episodes", () => {
  it("name their leads, and whether a lead is unreadable", () => {
    const quality: Entry[] = [
      [100, "~", 1],
      [200, "~", 0],
      [300, "~", 3],
      [400, "~", -1],
      [500, "~", 2 + 32],
    ];
    expect(findEpisodes(recording(quality)).map(({ code, from, to, leads }) => ({ code, from, to, leads }))).toEqual([
      { code: "n", from: 100, to: 200, leads: [0] },
      { code: "n", from: 300, to: 400, leads: [0, 1] },
      { code: "u", from: 400, to: 500, leads: [0, 1] },
      { code: "u", from: 500, to: 10_000, leads: [1] },
    ]);
  });
});
