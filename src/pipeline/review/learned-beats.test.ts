import { describe, expect, it } from "vitest";
import type { Label } from "../../contract/domain/labels.ts";
import type { LogEntry, LogKind } from "../../contract/domain/reviews.ts";
import { learnedBeats } from "./learned-beats.ts";

const label = (sample: number, symbol: string): Label => {
  return { sample, symbol, subtype: 0, text: "", flags: 0, probability: null };
};
const entry = (id: number, kind: LogKind, run: string, samples: number[], target: number | null = null): LogEntry => ({
  ...{ id, kind, target, reviewer: "A. Reviewer", at: "2026-11-30T00:00:00Z", label: run, stretch: null },
  ...{ changes: samples.map((sample) => ({ from: label(sample, "N"), to: label(sample, "V") })), families: [] },
});

describe("learnedBeats", () => {
  it("counts the labels of each run that are in force, without beats that were reviewed later", () => {
    const log = [
      entry(1, "learn", "4", [10, 20, 30]),
      entry(2, "relabel", "F", [20]),
      entry(3, "learn", "5", [30]),
      entry(4, "learn", "6", [10, 30]),
      entry(5, "undo", "", [], 4),
    ];
    expect(learnedBeats(log)).toEqual([
      { run: 4, beats: 1 },
      { run: 5, beats: 1 },
    ]);
  });

  it("counts none of the labels that were taken back", () => {
    expect(learnedBeats([entry(1, "learn", "4", [10]), entry(2, "learn", "", [10])])).toEqual([]);
  });
});
