import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RhythmSummary } from "../../../../contract/domain/rhythm.ts";
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";
import {
  ALL_BEATS,
  countsPerHour,
  DISAGREEMENTS,
  firstFrom,
  groupEvents,
  nearestPoint,
  nextEvent,
  otherLabel,
  remarkOf,
  rrAround,
  typedEvent,
  type EventGroup,
} from "./events.ts";

function annotations(...entries: [sample: number, symbol: string, text?: string][]): AnnotationColumns {
  return {
    samples: Uint32Array.from(entries, ([sample]) => sample),
    symbols: entries.map(([, symbol]) => symbol),
    beats: Uint8Array.from(entries, ([, symbol]) => ("NVA".includes(symbol) ? 1 : 0)),
    texts: entries.map(([, , text = ""]) => text),
  };
}

const record = annotations(
  [10, "+", "(N"],
  [100, "N"],
  [250, "x"],
  [400, "V"],
  [700, "N"],
  [800, "+", "(VFL"],
  [810, "!"],
  [900, "!"],
  [950, "~"],
  [960, "|"],
  [970, '"', "TS"],
  [1000, "N"],
  [1200, "V"],
);
const rhythm: RhythmSummary = {
  episodes: [
    { kind: "rhythm", code: "N", from: 10, to: 800, leads: [] },
    { kind: "rhythm", code: "VFL", from: 800, to: 1300, leads: [] },
    { kind: "noise", code: "n", from: 950, to: 1300, leads: [0] },
  ],
  pauses: [{ from: 400, to: 700 }],
  intervals: { samples: new Uint32Array(), seconds: new Float32Array() },
  heartRate: { binSeconds: 10, mean: new Float32Array(), lowest: new Float32Array(), highest: new Float32Array() },
};
const groups = groupEvents(record, rhythm);
const group = (key: string): EventGroup => groups.find((each) => each.key === key)!;

it("groups the beats to check: disagreements, unsure beats, beats unlike the training set", () => {
  const classified = { ...annotations([100, "N"], [400, "V"], [700, "N"]), flags: Uint8Array.of(1, 3, 0) };
  const compared = { name: "atr", annotations: record, disagreements: Uint32Array.of(400, 1000), labels: true };
  const checks = groupEvents(classified, rhythm, compared).filter(({ kind }) => kind === "check");
  expect(checks.map(({ key, starts }) => [key, ...starts])).toEqual([
    [DISAGREEMENTS, 400, 1000],
    ["unsure", 100, 400],
    ["unlike", 400],
  ]);
  expect(groups.some(({ kind }) => kind === "check")).toBe(false);
});

describe("events of a recording", () => {
  it("are grouped: every annotation belongs to a group or an episode", () => {
    expect(groups.map(({ key, starts }) => `${key}: ${starts.length}`)).toEqual([
      ": 5",
      "N: 3",
      "V: 2",
      "(: 2",
      "(N: 1",
      "(VFL: 1",
      "pause: 1",
      "noise: 1",
      "mark x: 1",
      "mark !: 2",
      "mark |: 1",
      'mark ": 1',
    ]);
  });

  it("are captioned by what they are", () => {
    expect(otherLabel(groups)).toBe("Pauses, noise and other annotations");
    expect(otherLabel(groups.filter(({ kind }) => kind !== "noise"))).toBe("Pauses and other annotations");
    expect(otherLabel(groups.filter(({ kind }) => kind === "noise"))).toBe("Noise");
  });

  it("are found in both directions, in one group", () => {
    expect(nextEvent(group("V"), 400, 1)).toBe(1);
    expect(nextEvent(group("V"), 399, 1)).toBe(0);
    expect(nextEvent(group("V"), 400, 1, true)).toBe(0);
    expect(nextEvent(group("V"), 1200, 1)).toBeNull();
    expect(nextEvent(group("V"), 1200, -1)).toBe(0);
    expect(nextEvent(group("V"), 400, -1)).toBeNull();
    expect(nextEvent(group("(VFL"), 0, 1)).toBe(0);
    expect(nextEvent(group("pause"), 500, -1)).toBe(0);
  });

  it("are found near a sample, within the limit: beats and marks", () => {
    expect(nearestPoint(groups, 690, 54)).toMatchObject({ group: { key: "N" }, index: 1 });
    expect(nearestPoint(groups, 240, 54)).toMatchObject({ group: { key: "mark x" }, index: 0 });
    expect(nearestPoint(groups, 540, 54)).toBeNull();
    expect(nearestPoint([], 5, 100)).toBeNull();
  });

  it("of all beats and of all rhythms are returned as events of their type", () => {
    expect(typedEvent(groups, { group: group("("), index: 1 })).toMatchObject({ group: { key: "(VFL" }, index: 0 });
    expect(typedEvent(groups, { group: group(ALL_BEATS), index: 4 })).toMatchObject({ group: { key: "V" }, index: 1 });
  });

  it("have intervals to the neighbouring heartbeats, but none that reaches into flutter", () => {
    const intervals = { samples: Uint32Array.of(400, 700, 1200), seconds: Float32Array.of(3, 3, 2) };
    expect(rrAround(intervals, 400, 100)).toEqual({ before: 3, after: 3 });
    expect(rrAround(intervals, 100, 100)).toEqual({ before: null, after: 3 });
    // Flutter between 700 and 1000.
    expect(rrAround(intervals, 700, 100)).toEqual({ before: 3, after: null });
    expect(rrAround(intervals, 1000, 100)).toEqual({ before: null, after: 2 });
  });

  it("are counted per hour, and the counts sum up to all events", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(35_999), { maxLength: 80 }), (values) => {
        const starts = Uint32Array.from(values.sort((a, b) => a - b));
        const counts = countsPerHour({ ...group("V"), starts, ends: starts }, 1, 36_000);
        expect(counts).toHaveLength(10);
        counts.forEach((count, hour) => {
          expect(count).toBe(values.filter((value) => Math.floor(value / 3600) === hour).length);
        });
      }),
    );
  });

  it("have texts", () => {
    expect([remarkOf("|", ""), remarkOf('"', "PSE\0"), remarkOf("?", "")]).toEqual(["Artefact (QRS-like)", "PSE", "?"]);
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
