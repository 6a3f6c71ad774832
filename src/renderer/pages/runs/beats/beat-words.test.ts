import { describe, expect, it } from "vitest";
import type { TestedBeat } from "../../../../contract/domain/comparison.ts";
import { beatsIn, beatsShare, beatsTitle, formatChance, placeWords } from "./beat-words.ts";

const confusion = [
  [90, 10],
  [3, 0],
];

describe("the beats behind a figure", () => {
  it("are named by what they are and what they were read as", () => {
    expect(beatsTitle("V", "N")).toBe("Beats of class V read as N");
    expect(beatsTitle("V", "V")).toBe("Beats of class V read as such");
    expect(beatsTitle("V", null)).toBe("Beats of class V");
    expect(beatsTitle(null, "N")).toBe("Beats read as N");
    expect(beatsTitle(null, null)).toBe("All test beats");
  });

  it("are as many as their cells say", () => {
    expect(beatsIn(confusion, 0, 1)).toBe(10);
    expect(beatsIn(confusion, 0, null)).toBe(100);
    expect(beatsIn(confusion, null, 0)).toBe(93);
    expect(beatsIn(confusion, null, null)).toBe(103);
  });

  it("are told as a share of what they are part of", () => {
    const share = (truth: number | null, predicted: number | null) =>
      beatsShare(confusion, ["N", "V"], truth, predicted);
    expect(share(0, 1)).toBe("10 of the 100 test beats of class N (10.0 %)");
    expect(share(null, 0)).toBe("93 of the 103 test beats (90.3 %)");
    expect(share(1, null)).toBe("3 test beats");
    expect(beatsShare([[0, 0]], ["N", "V"], 0, 1)).toBe("0 test beats");
  });
});

describe("a probability", () => {
  it("never rounds to certainty", () => {
    expect([1, 0.9994, 0.5, 0.001, 0.0004, 0].map(formatChance)).toEqual([
      ">99.9 %",
      ">99.9 %",
      "50.0 %",
      "0.1 %",
      "<0.1 %",
      "<0.1 %",
    ]);
  });
});

describe("the place of a beat", () => {
  const beat: TestedBeat = {
    record: "100",
    sample: 3600,
    towards: null,
    number: 0,
    truth: 0,
    predicted: 0,
    confidence: 1,
    probabilityOfTruth: 1,
  };
  it("is a recording and a time, or the recordings that a synthetic one was made of", () => {
    expect(placeWords(beat, 360)).toEqual({ record: "100", time: "0:10.000" });
    const made = (record: string) => placeWords({ ...beat, towards: { record, sample: 0, way: 0.4 } }, 360);
    expect(made("207")).toEqual({ record: "100 + 207", time: "synthetic" });
    expect(made("100")).toEqual({ record: "100", time: "synthetic" });
  });
});
