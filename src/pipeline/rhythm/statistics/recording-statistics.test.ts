import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { annotation } from "../../../../tests/support/annotation.ts";
import {
  DEFAULT_REPORT_SETTINGS,
  type ExtremeKind,
  type RecordingStatistics,
  type ReportSettings,
} from "../../../contract/domain/recording-report.ts";
import type { Annotation } from "../../../contract/domain/recordings.ts";
import { overruledStatistics, stripsOf } from "../../../contract/domain/recording-report-choices.ts";
import { recordingStatistics } from "./recording-statistics.ts";

const RATE = 100;

interface Made {
  /** Intervals before the beats, in samples: one for all, or one each. */
  intervals?: number | number[];
  others?: Annotation[];
  settings?: Partial<ReportSettings>;
  length?: number;
  startsAt?: string | null;
}

/** Statistics of beats that are given by their symbols. */
function statistics(symbols: string, made: Made = {}): RecordingStatistics {
  const { intervals = 80, others = [], settings = {}, startsAt = null } = made;
  let sample = 0;
  const beats = [...symbols].map((symbol, i) => {
    sample += typeof intervals === "number" ? intervals : intervals[i];
    return annotation(sample, symbol);
  });
  const annotations = [...beats, ...others].sort((a, b) => a.sample - b.sample);
  const { length = sample + 100 } = made;
  return recordingStatistics(
    { annotations, length, rate: RATE, leads: 1, startsAt },
    { ...DEFAULT_REPORT_SETTINGS, ...settings },
  );
}

const extreme = ({ extremes }: RecordingStatistics, kind: ExtremeKind) => extremes.find((each) => each.kind === kind);

describe("overruled extremes", () => {
  const made = statistics("NVVVNVVVVN", { intervals: [80, 80, 50, 50, 80, 80, 40, 40, 40, 80] });
  const overrule = (kind: ExtremeKind, count: number): RecordingStatistics => {
    const choices = extreme(made, kind)!
      .candidates.slice(0, count)
      .map(({ from, to }) => {
        return { kind, action: "overruled" as const, from, to, reason: "artefact", reviewer: "A", createdAt: "2026" };
      });
    return overruledStatistics(made, stripsOf(made.extremes, choices));
  };

  it("leave their values to the places shown instead", () => {
    expect(made.ectopy.ventricular).toMatchObject({ longestRun: 4, runs: 2 });
    const after = overrule("ventricular-longest-run", 1);
    expect(after.ectopy.ventricular).toMatchObject({ longestRun: 3, runs: 2 });
    expect(after.ectopy.ventricular.fastestRun).toBe(made.ectopy.ventricular.fastestRun);
    expect(overrule("ventricular-fastest-run", 1).ectopy.ventricular.fastestRun).toBeCloseTo(
      extreme(made, "ventricular-fastest-run")!.candidates[1].rate!,
      9,
    );
  });

  it("have no value where all places are overruled", () => {
    expect(overrule("ventricular-longest-run", 2).ectopy.ventricular.longestRun).toBe(0);
    expect(overrule("highest-rate", 20).heartRate.highest).toBeNull();
  });

  it("change nothing where there is none", () => {
    expect(overrule("ventricular-longest-run", 0)).toBe(made);
  });
});

describe("ectopic beats", () => {
  it("are singles, couplets and runs, by class", () => {
    const { ectopy, classes } = statistics("NVNVVNVVVNAANAAAANVVVVVN");
    expect(classes).toEqual([7, 6, 11, 0, 0]);
    expect(ectopy.ventricular).toMatchObject({ beats: 11, singles: 1, couplets: 1, triplets: 1, runs: 2, runBeats: 8 });
    expect(ectopy.ventricular.longestRun).toBe(5);
    expect(ectopy.supraventricular).toMatchObject({ beats: 6, singles: 0, couplets: 1, triplets: 0, runs: 1 });
    expect(ectopy.ventricular.burden).toBeCloseTo(11 / 24, 12);
  });

  it("keep groups of the two origins apart", () => {
    const { ectopy } = statistics("NVVAAVN");
    expect(ectopy.ventricular).toMatchObject({ singles: 1, couplets: 1, runs: 0 });
    expect(ectopy.supraventricular).toMatchObject({ singles: 0, couplets: 1 });
  });

  it("have the rate of the intervals inside the run", () => {
    const made = statistics("NVVVNVVVN", { intervals: [80, 80, 50, 50, 80, 80, 40, 40, 80] });
    expect(made.ectopy.ventricular.fastestRun).toBeCloseTo(150, 9);
    expect(extreme(made, "ventricular-fastest-run")?.candidates.map(({ rate }) => rate)).toEqual([150, 120]);
  });

  it("end a group at flutter and at unreadable signal", () => {
    const unreadable = [annotation(170, "~", { subtype: -1 }), annotation(230, "~", { subtype: 0 })];
    expect(statistics("NVVVN").ectopy.ventricular).toMatchObject({ runs: 1 });
    expect(statistics("NVVVN", { others: unreadable }).ectopy.ventricular).toMatchObject({ singles: 1, couplets: 1 });
  });

  it("are bigeminy and trigeminy from three ectopic beats on", () => {
    expect(statistics("NVNVN").ectopy.ventricular.bigeminy.episodes).toBe(0);
    const { bigeminy, trigeminy } = statistics("NVNVNVNNNVNNVNNVNNVN").ectopy.ventricular;
    expect(bigeminy).toEqual({ episodes: 1, beats: 3, seconds: 3.2 });
    expect(trigeminy).toEqual({ episodes: 1, beats: 4, seconds: 7.2 });
  });

  it("are no bigeminy across a couplet or a beat of another class", () => {
    expect(statistics("NVNVVNVN").ectopy.ventricular.bigeminy.episodes).toBe(0);
    expect(statistics("NVNVAVNV").ectopy.ventricular.bigeminy.episodes).toBe(0);
  });

  it("count escape beats by the class map", () => {
    expect(statistics("NjN").classes).toEqual([3, 0, 0, 0, 0]);
    expect(statistics("NjN", { settings: { classMap: "ec57" } }).classes).toEqual([2, 1, 0, 0, 0]);
  });

  it("belong to one group each", () => {
    const symbols = fc.array(fc.constantFrom(..."NVAF"), { maxLength: 200 });
    fc.assert(
      fc.property(symbols, (list) => {
        const { ectopy, classes } = statistics(list.join(""));
        const { singles, couplets, runBeats, beats, bigeminy } = ectopy.ventricular;
        expect(singles + 2 * couplets + runBeats).toBe(beats);
        expect(beats).toBe(classes[2]);
        expect(bigeminy.beats).toBeLessThanOrEqual(singles);
      }),
      { seed: 7 },
    );
  });
});

describe("pauses", () => {
  it("are intervals above the limit, without unreadable signal", () => {
    const intervals = [80, 200, 201, 300, 80];
    expect(statistics("NNNNN", { intervals }).pauses).toEqual({ count: 2, longest: 3, unreadable: 0 });
    expect(statistics("NNNNN", { intervals, settings: { pauseSeconds: 2.5 } }).pauses.count).toBe(1);
    const others = [annotation(500, "~", { subtype: -1 }), annotation(600, "~", { subtype: 0 })];
    expect(statistics("NNNNN", { intervals, others }).pauses).toEqual({ count: 1, longest: 2.01, unreadable: 1 });
  });
});

describe("the heart rate", () => {
  it("is below and above its limits for a time that overlapping windows count once", () => {
    // 8 intervals of 1 s, 8 of 0.5 s, 8 of 0.8 s; the fixture has 100 samples a second.
    const intervals = [100, ...Array<number>(8).fill(100), ...Array<number>(8).fill(50), ...Array<number>(8).fill(80)];
    const of = (settings: object): number[] => {
      const found = statistics("N".repeat(25), { intervals, settings: { rateIntervals: 1, ...settings } });
      return [found.slowSeconds, found.fastSeconds].map((seconds) => Number(seconds.toFixed(6)));
    };
    expect(of({ bradycardiaBpm: 70, tachycardiaBpm: 100 })).toEqual([8, 4]);
    expect(of({ bradycardiaBpm: 50, tachycardiaBpm: 130 })).toEqual([0, 0]);
    // Over two intervals, the ones of 0.5 s are reached by the windows across both changes of the rate (80 and 92.3 bpm).
    expect(of({ rateIntervals: 2, bradycardiaBpm: 50, tachycardiaBpm: 78 })).toEqual([0, 5.8]);
  });

  it("has its extremes over successive intervals", () => {
    const intervals = [100, ...Array<number>(8).fill(100), ...Array<number>(8).fill(50), ...Array<number>(8).fill(80)];
    const { heartRate, extremes } = statistics("N".repeat(25), { intervals });
    expect(heartRate.lowest).toBeCloseTo(60, 9);
    expect(heartRate.highest).toBeCloseTo(120, 9);
    expect(heartRate.mean).toBeCloseTo((60 * 24) / 18.4, 9);
    expect(extremes.find(({ kind }) => kind === "highest-rate")?.candidates[0]).toMatchObject({ from: 900, to: 1300 });
  });

  it("has no extremes where the intervals are too few", () => {
    expect(statistics("NNNN", { intervals: 100 }).heartRate).toEqual({ mean: 60, lowest: null, highest: null });
    expect(statistics("").heartRate).toEqual({ mean: null, lowest: null, highest: null });
  });
});

describe("the variability", () => {
  it("is that of normal-to-normal intervals", () => {
    // NN: 0.80, 0.90, 0.80, 0.90 s; the intervals beside the V are none.
    const { variability } = statistics("NNNNNVN", { intervals: [80, 80, 90, 80, 90, 50, 110] });
    expect(variability).toMatchObject({ intervals: 4, excluded: 0, pnn50: 1, sdann: null, triangularIndex: 2 });
    expect(variability?.meanNn).toBeCloseTo(850, 9);
    expect(variability?.sdnn).toBeCloseTo(Math.sqrt((4 * 50 ** 2) / 3), 9);
    expect(variability?.rmssd).toBeCloseTo(100, 9);
    // Differences 100, −100, 100 ms: SD1 is their deviation divided by √2; the sums of pairs are all equal.
    expect(variability?.sd1).toBeCloseTo(Math.sqrt((66.667 ** 2 * 2 + 133.333 ** 2) / 2 / 2), 2);
    expect(variability?.sd2).toBeCloseTo(0, 9);
  });

  it("leaves out intervals that change by more than a fifth, unless any change is accepted", () => {
    const intervals = [80, 80, 80, 80, 100, 80, 80, 80];
    expect(statistics("NNNNNNNN", { intervals }).variability).toMatchObject({ intervals: 6, excluded: 1 });
    const accepting = statistics("NNNNNNNN", { intervals, settings: { nnChange: 0 } });
    expect(accepting.variability).toMatchObject({ intervals: 7, excluded: 0 });
  });

  it("leaves out atrial fibrillation", () => {
    const others = [annotation(0, "+", { aux: "(AFIB" })];
    expect(statistics("NNNNNN", { others }).variability).toBeNull();
  });
});

describe("the rhythm", () => {
  it("has a burden and the longest episode of each rhythm", () => {
    const others = [
      annotation(0, "+", { aux: "(N" }),
      annotation(200, "+", { aux: "(AFIB" }),
      annotation(500, "+", { aux: "(N" }),
      annotation(600, "+", { aux: "(AFIB" }),
    ];
    const { rhythms } = statistics("NNNNNNNN", { others, length: 1000 });
    expect(rhythms).toEqual([
      { code: "AFIB", episodes: 2, seconds: 7, share: 0.7, longest: 4 },
      { code: "N", episodes: 2, seconds: 3, share: 0.3, longest: 2 },
    ]);
  });
});

describe("hours", () => {
  const intervals = [1, ...Array<number>(3).fill(100_000)];

  it("count from the start where its time is unknown", () => {
    const { hours } = statistics("NVNN", { intervals, length: 400_000 });
    expect(hours.map(({ from, to, beats }) => [from, to, beats[0], beats[2]])).toEqual([
      [0, 3600, 3, 1],
      [3600, 4000, 0, 0],
    ]);
  });

  it("are those of the clock where the start is known", () => {
    const startsAt = "2026-03-01T22:45:00";
    const { hours } = statistics("NVNN", { intervals, length: 500_000, startsAt });
    expect(hours.map(({ from, to }) => [from, to])).toEqual([
      [0, 900],
      [900, 4500],
      [4500, 5000],
    ]);
    expect(hours.map(({ beats }) => beats[0] + beats[2])).toEqual([1, 3, 0]);
  });

  it("hold every beat once", () => {
    const { hours, heartbeats } = statistics("NV".repeat(500), { intervals: 997, startsAt: "2026-03-01T22:45:10.5" });
    expect(hours.flatMap(({ beats }) => beats).reduce((sum, count) => sum + count, 0)).toBe(heartbeats);
    expect(hours.reduce((sum, { from, to }) => sum + to - from, 0)).toBeCloseTo((1000 * 997 + 100) / RATE, 6);
  });
});

describe("charts", () => {
  it("count every interval once", () => {
    const { histogram, poincare, tachogram } = statistics("NNNN", { intervals: [80, 80, 80, 260] });
    expect(histogram.counts[32]).toBe(2);
    expect(histogram.counts.at(-1)).toBe(1);
    expect([...poincare.counts]).toEqual([1]);
    expect([poincare.columns[0], poincare.rows[0]]).toEqual([40, 40]);
    expect([...tachogram.longest].filter((value) => !Number.isNaN(value)).map((value) => value.toFixed(1))).toEqual([
      "0.8",
      "0.8",
      "2.6",
    ]);
  });
});

it("has neither statistics nor extremes of a recording without beats", () => {
  const { heartbeats, ectopy, extremes, variability, hours } = statistics("", { length: 1000 });
  expect({ heartbeats, extremes, variability }).toEqual({ heartbeats: 0, extremes: [], variability: null });
  expect(ectopy.ventricular.burden).toBe(0);
  expect(hours).toHaveLength(1);
});
