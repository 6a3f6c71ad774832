import { describe, expect, it } from "vitest";
import type { TestedBeat } from "../../../../contract/domain/comparison.ts";
import { beatLocation, beatShareText, beatsTitle, countBeats, formatProbability } from "./beat-text.ts";

const confusion = [
  [90, 10],
  [3, 0],
];

describe("the beats of a cell of the matrix", () => {
  it("are named by true and predicted class", () => {
    expect(beatsTitle("V", "N")).toBe("Beats of class V predicted as N");
    expect(beatsTitle("V", "V")).toBe("Beats of class V predicted as V");
    expect(beatsTitle("V", null)).toBe("Beats of class V");
    expect(beatsTitle(null, "N")).toBe("Beats predicted as N");
    expect(beatsTitle(null, null)).toBe("All test beats");
  });

  it("are counted by true and predicted class", () => {
    expect(countBeats(confusion, 0, 1)).toBe(10);
    expect(countBeats(confusion, 0, null)).toBe(100);
    expect(countBeats(confusion, null, 0)).toBe(93);
    expect(countBeats(confusion, null, null)).toBe(103);
  });

  it("are given as a share of the true class, or of all test beats", () => {
    const share = (truth: number | null, predicted: number | null) =>
      beatShareText(confusion, ["N", "V"], truth, predicted);
    expect(share(0, 1)).toBe("10 of 100 test beats of class N (10.00 %)");
    expect(share(null, 0)).toBe("93 of 103 test beats (90.29 %)");
    expect(share(1, null)).toBe("3 test beats");
    expect(beatShareText([[0, 0]], ["N", "V"], 0, 1)).toBe("0 test beats");
  });
});

describe("a probability", () => {
  it("never rounds to certainty", () => {
    expect([1, 0.9994, 0.5, 0.001, 0.0004, 0].map(formatProbability)).toEqual([
      ">99.9 %",
      ">99.9 %",
      "50.0 %",
      "0.1 %",
      "<0.1 %",
      "<0.1 %",
    ]);
  });
});

describe("the location of a beat", () => {
  const beat: TestedBeat = {
    record: "100",
    sample: 3600,
    rate: 360,
    towards: null,
    number: 0,
    truth: 0,
    predicted: 0,
    confidence: 1,
    probabilityOfTruth: 1,
  };
  it("is a recording and a time, or the recordings that a synthetic beat was made from", () => {
    expect(beatLocation(beat)).toEqual({ record: "100", time: "0:10.000" });
    const made = (record: string) => beatLocation({ ...beat, towards: { record, sample: 0, rate: 360, way: 0.4 } });
    expect(made("207")).toEqual({ record: "100 + 207", time: "synthetic" });
    expect(made("100")).toEqual({ record: "100", time: "synthetic" });
  });
});
