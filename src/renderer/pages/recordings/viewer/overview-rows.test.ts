import { describe, expect, it } from "vitest";
import type { RhythmSummary } from "../../../../contract/domain/rhythm.ts";
import { describeMoment, heartRateAxis, overviewHeight, overviewRows, rrAxis, yOf } from "./overview-rows.ts";

const rhythm: RhythmSummary = {
  episodes: [{ kind: "rhythm", code: "AFIB", from: 1000, to: 2000, leads: [] }],
  pauses: [],
  intervals: { samples: Uint32Array.of(1100, 1164), seconds: Float32Array.of(1, 0.64) },
  heartRate: {
    binSeconds: 10,
    mean: Float32Array.of(72, 94, Number.NaN),
    lowest: Float32Array.of(60, 90, Number.NaN),
    highest: Float32Array.of(80, 99, Number.NaN),
  },
};

describe("the overview", () => {
  it("has rows below each other, and heart rate and RR intervals with the trends", () => {
    expect(overviewRows(false).map(({ kind }) => kind)).toEqual(["rhythm", "beats"]);
    const rows = overviewRows(true);
    for (let i = 1; i < rows.length; i++) expect(rows[i].top).toBeGreaterThan(rows[i - 1].top + rows[i - 1].height);
    expect(overviewHeight(rows)).toBe(rows[3].top + rows[3].height);
  });

  it("has axes around the values, which stay inside their row", () => {
    expect(heartRateAxis(rhythm)).toEqual({ min: 60, max: 100 });
    expect(rrAxis(rhythm)).toEqual({ min: 0.6, max: 1 });
    const row = overviewRows(true)[3];
    expect(yOf(99, rrAxis(rhythm), row)).toBeGreaterThanOrEqual(row.top);
    expect(yOf(0, rrAxis(rhythm), row)).toBeLessThanOrEqual(row.top + row.height);
  });

  it("scales RR intervals to their range, however small or large", () => {
    const axisOf = (...seconds: number[]): unknown =>
      rrAxis({ intervals: { samples: new Uint32Array(seconds.length), seconds: Float32Array.from(seconds) } });
    expect(axisOf(0.71, 0.74)).toEqual({ min: 0.6, max: 1 });
    expect(axisOf(0.45, 2.1)).toEqual({ min: 0.4, max: 2.2 });
    expect(axisOf(0.8, 9)).toEqual({ min: 0.8, max: 4 });
    expect(axisOf(9)).toEqual({ min: 4, max: 4.4 });
    expect(axisOf()).toEqual({ min: 0.4, max: 1.2 });
  });

  it("describes a moment by rhythm, heart rate and RR interval", () => {
    expect(describeMoment(rhythm, 100, 11.2)).toBe("0:11 · AFIB · HR 94 bpm · RR 640 ms");
    expect(describeMoment(rhythm, 100, 25)).toBe("0:25");
  });
});
