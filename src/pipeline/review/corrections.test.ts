import { expect, it } from "vitest";
import type { Label } from "../../contract/domain/labels.ts";
import type { LogEntry } from "../../contract/domain/reviews.ts";
import { correctionsOf } from "./corrections.ts";

const label = (sample: number, symbol: string): Label => ({
  sample,
  symbol,
  subtype: 0,
  text: "",
  flags: 0,
  probability: null,
});
const entry = (id: number, of: Partial<LogEntry>): LogEntry => ({
  id,
  kind: "relabel",
  target: null,
  reviewer: "A",
  at: "2026-01-01T00:00:00.000Z",
  label: "",
  stretch: null,
  changes: [],
  families: [],
  ...of,
});
const relabelled = (samples: readonly number[], from: string, to: string): LogEntry["changes"] =>
  samples.map((sample) => ({ from: label(sample, from), to: label(sample, to) }));

it("counts corrected beats by reviewer and symbols, the most frequent first", () => {
  const log = [
    entry(1, { kind: "add", changes: [{ from: null, to: label(5, "S") }] }),
    entry(2, { changes: relabelled([10, 20], "N", "V") }),
    entry(3, { changes: relabelled([30], "N", "V"), reviewer: "B" }),
    entry(4, { changes: relabelled([40], "N", "V") }),
    entry(5, { kind: "delete", changes: [{ from: label(50, "F"), to: null }] }),
  ];
  expect(correctionsOf(log)).toEqual([
    { reviewer: "A", from: "N", to: "V", beats: 3 },
    { reviewer: "A", from: null, to: "S", beats: 1 },
    { reviewer: "B", from: "N", to: "V", beats: 1 },
    { reviewer: "A", from: "F", to: null, beats: 1 },
  ]);
});

it("leaves out what was undone, what was only confirmed, and marked stretches", () => {
  const log = [
    entry(1, { changes: relabelled([10], "N", "V") }),
    entry(2, { changes: relabelled([20], "N", "S") }),
    entry(3, { kind: "undo", target: 2 }),
    entry(4, { kind: "confirm", changes: relabelled([30], "N", "N") }),
    entry(5, { kind: "noise", stretch: { from: 0, to: 9 }, changes: [{ from: null, to: label(0, "~") }] }),
  ];
  expect(correctionsOf(log)).toEqual([{ reviewer: "A", from: "N", to: "V", beats: 1 }]);
});
