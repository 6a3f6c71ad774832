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

  it("show the next place where the first is excluded", () => {
    const [strip] = stripsOf(extremes, [choice("excluded", 100)]);
    expect(strip.place).toEqual(place(200));
    expect(strip.excluded).toEqual([choice("excluded", 100)]);
  });

  it("show no place where all are excluded", () => {
    const [strip] = stripsOf(
      extremes,
      [100, 200, 300].map((from) => choice("excluded", from)),
    );
    expect(strip.place).toBeNull();
  });

  it("show the place that a reviewer chose, also one that is no candidate", () => {
    expect(stripsOf(extremes, [choice("chosen", 300)])[0].place).toEqual(place(300));
    const [other] = stripsOf(extremes, [choice("chosen", 777)]);
    expect(other.place).toEqual({ from: 777, to: 787, beats: null, rate: null });
    expect(other.chosenBy).toEqual(choice("chosen", 777));
  });

  it("are not changed by choices of another extreme", () => {
    const other: StripChoice = { ...choice("excluded", 100), kind: "ventricular-couplet" };
    expect(stripsOf(extremes, [other])[0].place).toEqual(place(100));
  });
});
