import { describe, expect, it } from "vitest";
import type { Candidate, Extreme } from "./recording-report.ts";
import { stripsOf, type StripChoice } from "./recording-report-choices.ts";

const place = (from: number): Candidate => ({ from, to: from + 10, beats: 3, rate: 120 });
const extremes: Extreme[] = [
  { kind: "ventricular-longest-run", found: 3, candidates: [place(100), place(200), place(300)] },
];
const choice = (action: StripChoice["action"], from: number): StripChoice => ({
  kind: "ventricular-longest-run",
  action,
  from,
  to: from + 10,
  reason: "artefact",
  reviewer: "A. B.",
  createdAt: "2026-11-30T12:00:00.000Z",
});

describe("strips", () => {
  it("show the most extreme place", () => {
    const [{ place: shown, chosenBy, candidates }] = stripsOf(extremes, []);
    expect(shown).toEqual(place(100));
    expect(chosenBy).toBeNull();
    expect(candidates).toHaveLength(3);
  });

  it("show the next place where the first is overruled", () => {
    const [strip] = stripsOf(extremes, [choice("overruled", 100)]);
    expect(strip.place).toEqual(place(200));
    expect(strip.overruled).toEqual([{ choice: choice("overruled", 100), place: place(100) }]);
    expect(strip.candidates).toEqual([place(200), place(300)]);
  });

  it("show no place where all are overruled", () => {
    const [strip] = stripsOf(
      extremes,
      [100, 200, 300].map((from) => choice("overruled", from)),
    );
    expect(strip.place).toBeNull();
  });

  it("show the place that a reviewer chose, also one that is no candidate", () => {
    expect(stripsOf(extremes, [choice("chosen", 300)])[0].place).toEqual(place(300));
    const [other] = stripsOf(extremes, [choice("chosen", 777)]);
    expect(other.place).toEqual({ from: 777, to: 787, beats: null, rate: null });
    expect(other.chosenBy).toEqual(choice("chosen", 777));
  });

  it("overrule places that overlap an overruled one, since other settings move them", () => {
    const moved: StripChoice = { ...choice("overruled", 95), to: 105 };
    expect(stripsOf(extremes, [moved])[0].place).toEqual(place(200));
    const beside: StripChoice = { ...choice("overruled", 90), to: 100 };
    expect(stripsOf(extremes, [beside])[0].place).toEqual(place(100));
  });

  it("are not changed by choices of another extreme", () => {
    const other: StripChoice = { ...choice("overruled", 100), kind: "ventricular-couplet" };
    expect(stripsOf(extremes, [other])[0].place).toEqual(place(100));
  });
});
